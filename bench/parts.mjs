/**
 * What can be measured, in the order in which it is; each is loaded when it is asked for. `start` comes last because it builds
 * anew: the others measure what was built at the beginning.
 */
export const PARTS = {
  idle: () => import('./parts/idle.mjs'),
  post: () => import('./parts/post.mjs'),
  growth: () => import('./parts/growth.mjs'),
  memory: () => import('./parts/memory.mjs'),
  peers: () => import('./parts/peers.mjs'),
  wait: () => import('./parts/wait.mjs'),
  crowd: () => import('./parts/crowd.mjs'),
  start: () => import('./parts/start.mjs'),
};
