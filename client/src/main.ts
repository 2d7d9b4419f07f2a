import { createApp } from './app/app.js';
import { createPursuit } from './app/pursuit.js';
import { createRequests } from './app/requests.js';
import { createApi } from './ports/api.js';
import { browserAttention } from './ports/attention.js';
import { browserClock } from './ports/clock.js';
import { newId } from './ports/ids.js';
import { createKept, tolerant } from './ports/kept.js';
import { createLogins } from './ports/logins.js';
import { browserTabs } from './ports/tabs.js';
import { byId } from './views/dom.js';
import { wireHelp } from './views/help.js';
import { createShell } from './views/shell.js';

const clock = browserClock;
const tabs = browserTabs();
const store = tolerant(() => localStorage);
const attention = browserAttention;
let pollIntervalMs = 1000;
let pollWaitMs = 0;

const shell = createShell(() => app.logOut());
const app = createApp(
  {
    requests: createRequests(createApi(fetch.bind(globalThis)), createLogins(store, newId)),
    pursuit: createPursuit(
      clock,
      () => pollIntervalMs,
      () => pollWaitMs,
      (is) => {
        shell.status(is ? 'Reconnecting…' : '');
        if (!is) app.reached();
      },
    ),
    shell,
    clock,
    tabs,
    attention,
    kept: createKept(store),
    newId,
    intervalMs: () => pollIntervalMs,
    waitMs: () => pollWaitMs,
    say: shell.say,
  },
  ({ settings }) => {
    pollIntervalMs = Math.max(pollIntervalMs, settings.pollIntervalMs);
    pollWaitMs = settings.pollWaitMs ?? 0;
  },
);

byId('loading').remove();
wireHelp(store);
tabs.onHint(app.nudge);
attention.onReturn(app.nudge);
attention.onThaw(app.thawed);
attention.onSeen(app.seen);
addEventListener('popstate', app.addressChanged);
app.settle();
