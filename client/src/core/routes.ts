export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'rooms' }
  | { readonly page: 'room'; readonly roomId: string }
  | { readonly page: 'unknown' };

const ROOM = /^\/rooms\/([A-Za-z0-9_-]{1,64})\/?$/;

export const readRoute = (path: string): Route => {
  if (path === '/') return { page: 'home' };
  if (/^\/rooms\/?$/.test(path)) return { page: 'rooms' };
  const roomId = ROOM.exec(path)?.[1];
  return roomId === undefined ? { page: 'unknown' } : { page: 'room', roomId };
};

export const ROOMS_PATH = '/rooms';
export const roomPath = (roomId: string): string => `${ROOMS_PATH}/${roomId}`;
