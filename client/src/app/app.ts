import { readRoute, roomPath, ROOMS_PATH } from '../core/routes.js';
import { where, type Place } from '../core/where.js';
import type { DeletedRoom, EndReason, Room, Session, User } from '../core/wire.js';
import { elsewhereText, endedHeading, endedText } from '../core/words.js';
import type { Answer, Failure } from '../ports/api.js';
import { unsentIn, visitEnding } from './endings.js';
import { createEntrance } from './entrance.js';
import { leaveRoom } from './leaving.js';
import { visitRoom } from './room-visit.js';
import { visitRooms, type RoomsVisit } from './rooms-visit.js';
import type { Entered } from './requests.js';
import type { House, Visit, Ways } from './visit.js';

/** Moves between the views. The server's word on where the user is decides; the address only asks. */
export const createApp = (house: House, learn: (session: Session) => void) => {
  const { requests, pursuit, shell, tabs, say } = house;
  /** Who used this tab last, as far as it knows. */
  let me: User | null = null;
  let visit: Visit | null = null;
  let rooms: RoomsVisit | null = null;
  /** The last room of this tab, for what was written in it. */
  let lastRoomId: string | null = null;

  const stay = (begin: () => Visit): void => {
    visit?.end?.();
    visit = rooms = null;
    visit = begin();
  };

  const goTo = (path: string, push = false): void => {
    if (location.pathname === path) return;
    history[push ? 'pushState' : 'replaceState'](null, '', path);
  };

  const unsentBy = (user: User | null, roomId: string | null): string[] =>
    user === null || roomId === null ? [] : unsentIn(house.kept(user.id, roomId));

  const ended = (reason: EndReason | null): void => {
    const user = me;
    me = null;
    const ending = {
      heading: endedHeading(reason),
      text: endedText(reason),
      action: 'Log in again',
      act: () => settle('', true),
    };
    stay(() => visitEnding(house, null, { ...ending, unsent: unsentBy(user, lastRoomId) }));
  };

  const deleted = (user: User, room: Pick<DeletedRoom, 'id' | 'name' | 'deletedBy'>): void => {
    if (visit?.view === 'ending' && visit.roomId === room.id) return pursuit.stop();
    lastRoomId = room.id;
    const ending = {
      heading: `${room.name} was deleted by ${room.deletedBy}`,
      text: 'The room and its messages are gone. The other rooms are still there.',
      action: 'Back to rooms',
      act: () => leave(user, room),
    };
    stay(() => visitEnding(house, user, { ...ending, unsent: unsentBy(user, room.id) }, room.id));
  };

  const showRooms = (user: User, elsewhere: Pick<Room, 'id' | 'name'> | null, notice = ''): void => {
    goTo(ROOMS_PATH);
    if (rooms === null) stay(() => (rooms = visitRooms(house, ways, user)));
    rooms?.resume(elsewhere, notice);
  };

  const refused = (failure: Failure, room?: Room): void => {
    if (failure.status === 401) return ended((failure.details['reason'] as EndReason | undefined) ?? null);
    if (failure.code === 'room-deleted' && room && me) {
      return deleted(me, { ...room, deletedBy: String(failure.details['deletedBy']) });
    }
    // The room's address would ask to enter it again.
    if (room) goTo(ROOMS_PATH);
    settle(room ? `You are no longer in ${room.name}.` : failure.message);
  };

  const entered = (user: User, answer: Answer<Entered>, push: boolean): void => {
    if (answer.ok) {
      const { room } = answer.body;
      goTo(roomPath(room.id), push);
      lastRoomId = room.id;
      tabs.hint();
      return stay(() => visitRoom(house, ways, user, answer.body));
    }
    if (answer.status === 401) return refused(answer);
    const other = answer.code === 'in-another-room' ? (answer.details['room'] as Room) : null;
    showRooms(user, other, other ? elsewhereText(other.name) : answer.message);
  };

  const enter = (user: User, roomId: string, push: boolean): void =>
    pursuit.ask(
      (signal) => requests.enter(roomId, signal),
      (answer) => entered(user, answer, push),
    );

  const leave = (user: User, room: { id: string; name: string }): void => {
    const isTold = visit?.view === 'ending';
    pursuit.ask<Session | null>(
      (signal) => leaveRoom(house, user, room.id, isTold, signal),
      (answer) => {
        if (!answer.ok) return refused(answer);
        goTo(ROOMS_PATH);
        if (answer.body !== null) return settle();
        tabs.hint();
        showRooms(user, null);
        say(`You left ${room.name}.`);
      },
    );
  };

  const logOut = (): void =>
    pursuit.ask(
      (signal) => requests.logOut(signal),
      (answer) => {
        if (!answer.ok) return refused(answer);
        me = null;
        tabs.hint();
        goTo('/');
        pursuit.stop();
        stay(() => entrance(''));
        say('You have logged out.');
      },
    );

  const showWelcome = (reason: EndReason | null, quiet: boolean): void => {
    pursuit.stop();
    if (!quiet && (visit?.view === 'welcome' || visit?.view === 'ending')) return;
    stay(() => entrance(reason !== null && !quiet ? `${endedHeading(reason)}. ${endedText(reason)}` : ''));
  };

  const show = (place: Place, notice: string, quiet: boolean): void => {
    switch (place.view) {
      case 'welcome':
        return showWelcome(place.ended, quiet);
      case 'deleted':
        return deleted(place.user, place.room);
      case 'enter':
        return enter(place.user, place.roomId, false);
      case 'rooms':
        return showRooms(
          place.user,
          place.elsewhere,
          notice && place.elsewhere ? `${notice} ${elsewhereText(place.elsewhere.name)}` : notice,
        );
    }
  };

  /** Asks the server where the user is, and shows that. `quiet`: what ended is known already. */
  const settle = (notice = '', quiet = false): void =>
    pursuit.ask(requests.session, (answer) => {
      if (!answer.ok) return shell.alert(answer.message);
      learn(answer.body);
      requests.believe();
      const place = where(answer.body, readRoute(location.pathname));
      const { user, ended: reason = null } = answer.body;
      // Nothing of the one before is shown to the next: what they wrote can be read, and that is all.
      if (me !== null && me.id !== user?.id) return ended(reason);
      me = user;
      show(place, notice, quiet);
    });

  const ways: Ways = { enter, leave, refused, settle };
  const entrance = createEntrance(house, settle);

  const nudge = (): void => {
    // Without a word from the server, which this tab may not reach: another tab has one.
    if (me !== null && visit?.view !== 'ending' && requests.isOver()) ended(null);
    else (visit ?? pursuit).nudge();
  };

  return {
    settle,
    logOut,
    nudge,
    reached: () => visit?.reached?.(),
    /** What the page shows may be nobody's to see by now; only what was written and never sent stays. */
    thawed() {
      if (visit?.view === 'ending') return;
      visit?.end?.();
      visit = rooms = null;
      shell.clear();
      settle();
    },
    seen(hidden: boolean) {
      visit?.seen?.();
      if (!hidden) nudge();
    },
    /** Back and Forward change the address; where the user is, they do not, and whoever is in a room stays there. */
    addressChanged() {
      if (visit?.view === 'room') return goTo(roomPath(visit.roomId!), true);
      const route = readRoute(location.pathname);
      const same = route.page === 'room' ? route.roomId === visit?.roomId : route.page === visit?.view;
      if (me !== null && !same) settle();
    },
  };
};
