import type { Route } from './routes.js';
import type { DeletedRoom, EndReason, Room, Session, User } from './wire.js';

/** The view that is due. */
export type Place =
  | { readonly view: 'welcome'; readonly ended: EndReason | null }
  | { readonly view: 'deleted'; readonly user: User; readonly room: DeletedRoom }
  | { readonly view: 'rooms'; readonly user: User; readonly elsewhere: Room | null }
  | { readonly view: 'enter'; readonly user: User; readonly roomId: string };

export const isDeleted = (room: Room | DeletedRoom): room is DeletedRoom => 'deleted' in room;

/** The server's word on where the user is outranks the address; the address only asks. */
export const where = ({ user, room, ended }: Session, route: Route): Place => {
  if (user === null) return { view: 'welcome', ended: ended ?? null };
  if (room !== null && isDeleted(room)) return { view: 'deleted', user, room };
  if (room === null) {
    return route.page === 'room'
      ? { view: 'enter', user, roomId: route.roomId }
      : { view: 'rooms', user, elsewhere: null };
  }
  const meant = route.page === 'home' || (route.page === 'room' && route.roomId === room.id);
  return meant ? { view: 'enter', user, roomId: room.id } : { view: 'rooms', user, elsewhere: room };
};
