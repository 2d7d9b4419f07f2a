import { logOperations } from './adapters/http/log-routes.js';
import type { Operation } from './adapters/http/operation.js';
import type { RateLimits } from './adapters/http/rate-limits.js';
import { roomOperations } from './adapters/http/room-routes.js';
import type { SessionCookie } from './adapters/http/session-cookie.js';
import { whoOperations, type ClientSettings } from './adapters/http/who-routes.js';
import { ContinueAsGuest } from './application/continue-as-guest.js';
import { CreateAccount } from './application/create-account.js';
import { CreateRoom } from './application/create-room.js';
import { DeleteRoom } from './application/delete-room.js';
import { EnterRoom } from './application/enter-room.js';
import type { HoldPoll } from './application/holding/hold-poll.js';
import { LeaveRoom } from './application/leave-room.js';
import { ListRooms } from './application/list-rooms.js';
import { LogIn } from './application/log-in.js';
import { LogOut } from './application/log-out.js';
import { PollRoom } from './application/poll-room.js';
import { PostMessage } from './application/post-message.js';
import { ShowSession } from './application/show-session.js';
import type { UseCases } from './container.js';

/** What is served over HTTP, and by which use cases; `holdPoll` is null where no poll is held. */
export const operationsOf = (
  get: UseCases,
  holdPoll: HoldPoll | null,
  cookie: SessionCookie,
  limits: RateLimits,
  { pollIntervalMs, pollWaitMs }: ClientSettings,
): Operation[] => [
  ...whoOperations(
    {
      createAccount: get(CreateAccount),
      logIn: get(LogIn),
      continueAsGuest: get(ContinueAsGuest),
      logOut: get(LogOut),
      showSession: get(ShowSession),
    },
    cookie,
    limits,
    { pollIntervalMs, pollWaitMs },
  ),
  ...roomOperations({
    listRooms: get(ListRooms),
    createRoom: get(CreateRoom),
    deleteRoom: get(DeleteRoom),
    enterRoom: get(EnterRoom),
    leaveRoom: get(LeaveRoom),
  }),
  ...logOperations({ pollRoom: get(PollRoom), holdPoll, postMessage: get(PostMessage) }),
];
