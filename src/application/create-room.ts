import { MessageLog } from '../domain/message-log.js';
import { readCapacity } from '../domain/capacity.js';
import { readRoomName } from '../domain/room-name.js';
import { Room, roomNameTaken, type RoomState } from '../domain/room.js';
import { askerIn, type Asker } from './authenticate.js';
import type { Clock, Ids, Rules, UnitOfWork } from './ports.js';

/** Any user can create a room, unless its name is taken (requirements B05, C03, C09). */
export class CreateRoom {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /** @throws {DomainError} `invalid-room-name`, `invalid-capacity`, `room-name-taken` */
  async execute(asker: Asker, asked: { name: unknown; capacity?: unknown }): Promise<RoomState> {
    const name = readRoomName(asked.name);
    const capacity = asked.capacity === undefined ? this.rules.roomCapacity : readCapacity(asked.capacity);
    return this.storage.transact(async (to) => {
      const creator = await askerIn(to, asker);
      if ((await to.rooms.named(name.key)) !== null) throw roomNameTaken(name.shown);
      const room = Room.create({ id: this.ids.next(), name, capacity }, creator, this.clock.now());
      await to.rooms.save(room);
      await to.logs.save(MessageLog.open(room.id, this.ids.next()));
      return room.state;
    });
  }
}
