import { readRoomId } from '../domain/opaque-id.js';
import { noSuchRoom } from '../domain/room.js';
import { askerIn, type Asker } from './authenticate.js';
import type { Clock, UnitOfWork } from './ports.js';

/** Only its creator deletes a room (requirement B17). Whoever is in it stays there until told so (requirement B18). */
export class DeleteRoom {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws {DomainError} `invalid-room-id`, `no-such-room`, `room-deleted`, `not-the-creator` */
  async execute(asker: Asker, id: unknown): Promise<void> {
    const roomId = readRoomId(id);
    await this.storage.transact(async (to) => {
      const user = await askerIn(to, asker);
      const room = await to.rooms.get(roomId);
      if (room === null) throw noSuchRoom();
      room.delete(user, this.clock.now());
      const log = await to.logs.get(roomId);
      log?.close();
      await to.rooms.save(room);
      if (log !== null) await to.logs.save(log);
    });
  }
}
