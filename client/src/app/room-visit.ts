import { applyUpdates, bringsMore, enteredLog, type Applied, type Log } from '../core/log.js';
import { arrive, beginReading, catchUp, isOwn, type Reading } from '../core/reading.js';
import type { Entry, OnlineList, Updates, User } from '../core/wire.js';
import { announcement } from '../core/words.js';
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

  const apply = (asked: Log, updates: Updates, history = false): void => {
    const applied = applyUpdates(log, asked, updates);
    if (applied.log.cursor === log.cursor && !applied.reset) return;
    log = applied.log;
    const messages = messagesOf(applied);
    if (applied.reset) reading = beginReading(log.cursor);
    become(arrive(reading, messages, !history && isAttentive()));
    show(applied);
    if (history) return;
    sender.arrived(messages.flatMap(({ clientMessageId }) => clientMessageId ?? []));
    const news = messages.filter((entry) => !isOwn(entry));
    if (news.length > 0 && !applied.reset) shell.announce(announcement(news));
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
  apply(log, entered, true);
  const sender = createSender({
    ...house,
    kept,
    intervalMs: house.intervalMs(),
    async post(message) {
      const asked = log;
      const answer = await requests.post(room.id, message, asked);
      if (here && answer.ok && answer.body.epoch) apply(asked, answer.body as Updates);
      return answer;
    },
    changed: (outbox) => view.update({ outbox }),
    refused(failure) {
      // These two are about the message alone, any other about its author's place in the room.
      if ([400, 422].includes(failure.status)) shell.alert(failure.message);
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
      apply(asked, answer.body);
    },
    { fresh: !entered.more, more: (updates) => bringsMore(log, updates) },
  );

  return {
    view: 'room',
    roomId: room.id,
    seen() {
      look();
      // A request that is held says yet whether anybody looks, as it was when it left.
      if (house.waitMs() > 0) pursuit.nudge(true);
    },
    nudge() {
      pursuit.nudge();
      sender.nudge();
    },
    end() {
      here = false;
      sender.stop();
    },
  };
};
