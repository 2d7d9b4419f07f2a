import { DomainError } from '../../domain/domain-error.js';
import { readUsername } from '../../domain/username.js';
import { Abandoned } from '../../application/abandoned.js';
import type { LoggedIn } from '../../application/begin-session.js';
import type { ContinueAsGuest } from '../../application/continue-as-guest.js';
import type { CreateAccount } from '../../application/create-account.js';
import type { LogIn } from '../../application/log-in.js';
import type { LogOut } from '../../application/log-out.js';
import type { ShowSession } from '../../application/show-session.js';
import type { Context } from 'koa';
import { sendJson } from './json.js';
import type { Operation } from './operation.js';
import type { RateLimits } from './rate-limits.js';
import { roomJson, userJson } from './rooms-and-users-json.js';
import * as schemas from './schemas.js';
import type { SessionCookie } from './session-cookie.js';
import { leaveUnheard } from './unheard.js';

/** What a client must know to behave. */
export interface ClientSettings {
  readonly pollIntervalMs: number;
  /** How long a poll may prefer to be held; 0 where none is. */
  readonly pollWaitMs: number;
}

/** Whether the connection is still there that the request came by. */
const isAwaitedBy = (ctx: Context) => (): boolean => !ctx.req.socket.destroyed;

/** Accounts, guests and their sessions. */
export const whoOperations = (
  use: {
    createAccount: CreateAccount;
    logIn: LogIn;
    continueAsGuest: ContinueAsGuest;
    logOut: LogOut;
    showSession: ShowSession;
  },
  cookie: SessionCookie,
  limits: RateLimits,
  settings: ClientSettings,
): Operation[] => {
  const welcome = (ctx: Context, status: number, message: string, { user, token }: LoggedIn): void => {
    cookie.give(ctx, token);
    ctx.status = status;
    sendJson(ctx, { success: true, message, user: userJson(user) });
  };

  const logInToAccount = (ctx: Context, body: Readonly<Record<string, unknown>>): Promise<LoggedIn> => {
    const { username, password } = body;
    const takeOver = body['takeOver'] === true;
    return limits.tryPassword(
      readUsername(username).key,
      ctx.ip,
      () => use.logIn.execute({ username, password, takeOver, before: cookie.readId(ctx) }, isAwaitedBy(ctx)),
      (error) => error instanceof DomainError && error.code === 'wrong-credentials',
    );
  };

  const beginAsGuest = (ctx: Context, { username }: Readonly<Record<string, unknown>>): Promise<LoggedIn> =>
    use.continueAsGuest.execute({ username, before: cookie.readId(ctx) }, isAwaitedBy(ctx));

  return [
    {
      method: 'post',
      path: '/api/accounts',
      summary: 'Create an account and log in to it',
      open: true,
      body: schemas.accountAsked,
      answers: { 201: schemas.loggedIn },
      failures: { 400: ['invalid-username', 'invalid-password'], 409: ['username-taken'] },
      async handle({ ctx, body }) {
        const { username, password } = body;
        const loggedIn = await use.createAccount.execute({ username, password, before: cookie.readId(ctx) });
        welcome(ctx, 201, 'ACCOUNT CREATED', loggedIn);
      },
    },
    {
      method: 'post',
      path: '/api/session',
      summary: 'Log in to an account, or without a password begin as a guest',
      open: true,
      body: schemas.sessionAsked,
      answers: { 200: schemas.loggedIn },
      failures: {
        400: ['invalid-username', 'invalid-password', 'invalid-take-over'],
        401: ['wrong-credentials'],
        409: ['username-taken', 'already-logged-in'],
        429: ['too-fast'],
      },
      async handle({ ctx, body }) {
        try {
          const logIn = body['password'] === undefined ? beginAsGuest : logInToAccount;
          welcome(ctx, 200, 'LOGGED IN', await logIn(ctx, body));
        } catch (error) {
          if (!(error instanceof Abandoned)) throw error;
          leaveUnheard(ctx);
        }
      },
    },
    {
      method: 'get',
      path: '/api/session',
      summary: 'Who is asking, and in which room they are',
      open: true,
      answers: { 200: schemas.sessionShown },
      failures: {},
      async handle({ ctx }) {
        const { user, room, ended } = await use.showSession.execute(cookie.read(ctx));
        sendJson(ctx, {
          success: true,
          message: user === null ? 'NOT LOGGED IN' : 'LOGGED IN',
          user: user && userJson(user),
          room: room && roomJson(room, user?.id ?? ''),
          settings,
          ...(ended === null ? {} : { ended }),
        });
      },
    },
    {
      method: 'delete',
      path: '/api/session',
      summary: 'Log out',
      open: true,
      answers: { 200: schemas.success },
      failures: {},
      async handle({ ctx }) {
        await use.logOut.execute(cookie.readId(ctx));
        cookie.clear(ctx);
        sendJson(ctx, { success: true, message: 'LOGGED OUT' });
      },
    },
  ];
};
