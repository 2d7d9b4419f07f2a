import { MessageLog } from '../../domain/message-log.js';
import { Room } from '../../domain/room.js';
import { Session } from '../../domain/session.js';
import { User } from '../../domain/user.js';
import { StorageRefused, StorageUnavailable, type Engine } from './engine.js';
import { whileOpen } from './while-open.js';

/**
 * What an engine that is not compiled with Parlour makes its answers of. It is handed over rather than imported, because
 * the server is one file: a copy of the rules beside it would throw errors that the server does not know for its own.
 */
export const materials = { MessageLog, Room, Session, User, StorageRefused, StorageUnavailable, whileOpen };

export type Materials = typeof materials;

/** What the module of such an engine exports as `engine`. */
export type EngineFrom = (given: Materials) => Engine;
