import { applyUpdates, bringsMore, enteredLog, type Applied, type Log } from '../core/log.js';
import { arrive, beginReading, catchUp, isOwn, type Reading } from '../core/reading.js';
import type { Entry, OnlineList, Updates, User } from '../core/wire.js';
import { announcement } from '../core/words.js';
import { isAboutRequest } from '../ports/api.js';
import { createRoom } from '../views/room.js';
import type { Entered } from './requests.js';
import { createSender } from './sender.js';
import type { House, Visit, Ways } from './visit.js';

const messagesOf = ({ items }: Applied): Entry[] =>
  items.flatMap((item) => (item.kind === 'message' ? [item.entry] : []));

/** Follows one room: brings its log further, sends what is written, and knows how far the reader has read. */
export const visitRoom = (house: House, ways: Ways, user: User, entered: Entered): Visit => {
  const { requests, pursuit, shell, attention } = house;
  const { room } = entered;
  const kept = house.kept(user.id, room.id);
  let log: Log = enteredLog(entered);
  let online: OnlineList | null = null;
  const left = kept.readTo();
  let reading: Reading = beginReading(left?.epoch === log.epoch ? left.cursor : entered.last);

  const view = createRoom({
    room,
    draft: kept.draft(),
    keepDraft: kept.keepDraft,
    alert: shell.alert,
    announce: shell.announce,
    leave: () => ways.leave(user, room),
    send(text) {
      sender.write(text);
      view.toEnd();
      look();
    },
    tryAgain(id) {
      shell.alert('');
      sender.tryAgain(id);
    },
    discard(id) {
      shell.alert('');
      sender.discard(id);
    },
    reachedEnd: () => look(),
  });

  const isAttentive = (): boolean => !attention.hidden() && view.atEnd();

  const become = (next: Reading): void => {
    if (next.readTo !== reading.readTo) kept.keepReadTo({ epoch: log.epoch, cursor: next.readTo });
    reading = next;
    shell.title(attention.hidden() ? reading.unread : 0);
  };

  const show = (applied: Pick<Applied, 'items' | 'reset'>): void =>
    view.update({
      log: { ...applied, divider: reading.divider, first: log.first, unread: reading.unread },
    });

  /** The reader sees the end of the log, if so. */
  const look = (): void => {
    become(isAttentive() ? catchUp(reading, log.cursor) : reading);
    show({ items: [], reset: false });
  };

  /**
   * What the room had when it was entered is no news, though it may come in several answers.
   * @returns the ids of one's own messages that came
   */
  const apply = (asked: Log, updates: Updates): string[] => {
    const applied = applyUpdates(log, asked, updates);
    if (applied.log.cursor === log.cursor && !applied.reset) return [];
    const history = log.epoch === entered.epoch && log.cursor < entered.last;
    log = applied.log;
    const messages = messagesOf(applied);
    if (applied.reset) reading = beginReading(log.cursor);
    become(arrive(reading, messages, !history && isAttentive()));
    show(applied);
    if (history) look();
    const news = messages.filter((entry) => !isOwn(entry) && !(history && entry.seq <= entered.last));
    if (news.length > 0 && !applied.reset) shell.announce(announcement(news));
    return messages.flatMap(({ clientMessageId }) => clientMessageId ?? []);
  };

  const applyOnline = (list: OnlineList | undefined): void => {
    if (list === undefined) return;
    online = list;
    view.update({ online: list.users });
  };

  shell.show(view, user.username);
  applyOnline(entered.online);
  // What came through before a reload cut off its answer is not to be sent again.
  for (const { clientMessageId } of entered.entries) if (clientMessageId) kept.dropPending(clientMessageId);
  apply(log, entered);
  const sender = createSender({
    ...house,
    kept,
    intervalMs: house.intervalMs(),
    async post(message) {
      const asked = log;
      const answer = await requests.post(room.id, message, asked);
      if (here && answer.ok && answer.body.epoch) sender.arrived(apply(asked, answer.body as Updates));
      return answer;
    },
    changed: (outbox) => view.update({ outbox }),
    refused(failure) {
      if (isAboutRequest(failure)) shell.alert(failure.message);
      else ways.refused(failure, room);
    },
  });
  let here = true;
  look();

  let asked = log;
  pursuit.ask<Updates>(
    (signal) => requests.updates(room.id, (asked = log), online, attention.hidden(), house.waitMs(), signal),
    (answer) => {
      if (!answer.ok) return ways.refused(answer, room);
      applyOnline(answer.body.online);
      sender.arrived(apply(asked, answer.body));
    },
    { fresh: !entered.more, more: (updates) => bringsMore(log, updates) },
  );

  return {
    view: 'room',
    roomId: room.id,
    seen() {
      view.keepTyped();
      look();
      // A request that is held says yet whether anybody looks, as it was when it left.
      if (house.waitMs() > 0) pursuit.nudge(true);
    },
    nudge() {
      pursuit.nudge();
      sender.nudge();
    },
    reached: sender.nudge,
    end() {
      here = false;
      view.keepTyped();
      sender.stop();
    },
  };
};
