import { closedLoop } from './closed-loop.mjs';
import { crowd } from './crowd.mjs';
import { hold, release } from './held-connections.mjs';

/* The load, in a process of its own: it is told what to do, one thing at a time, and tells what came of it. */
const tasks = { closedLoop, crowd, hold, release };

process.on('message', async ({ task, options }) => {
  try {
    process.send({ result: await tasks[task](options) });
  } catch (error) {
    process.send({ error: `${task}: ${error.stack}` });
  }
});
