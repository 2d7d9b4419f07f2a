import { looking, retelling, telling } from './log-tricks.js';
import { answering, type Saboteur } from './sabotage.js';

/** What a log is read out as. */
export const answerSaboteurs: readonly Saboteur[] = [
  {
    does: 'gives all entries, whatever the asker has',
    caughtBy: 'an outlook has the entries after the asker’s last, and none it has',
    engine: looking(({ epoch }, limit) => [{ epoch, after: 0 }, limit]),
  },
  {
    does: 'takes numbers of another epoch for its own',
    caughtBy: 'to whoever knows another epoch, or none, an outlook gives the log as if it had nothing',
    engine: looking(({ after }, limit) => [{ epoch: 'first-epoch', after }, limit]),
  },
  {
    does: 'gives the oldest entries of an outlook instead of the newest',
    caughtBy: 'an outlook that is limited has the newest entries, ascending',
    engine: looking(
      (has) => [has, 100_000],
      (entries, limit) => entries.slice(0, limit),
    ),
  },
  {
    does: 'gives the newest entry of an outlook first',
    caughtBy: 'an outlook that is limited has the newest entries, ascending',
    engine: looking(
      (has, limit) => [has, limit],
      (entries) => [...entries].reverse(),
    ),
  },
  {
    does: 'gives the newest entries where it was asked from a number on',
    caughtBy: 'entries are read from a number on, ascending, at most so many',
    engine: answering((from) => ({
      entries: async (roomId, first, limit) => (await from.entries(roomId, first, 100_000)).slice(-limit),
    })),
  },
  ...(
    [
      ['trims texts', (text) => text.trim()],
      ['normalises texts', (text) => text.normalize('NFC')],
      ['makes line feeds of other line breaks', (text) => text.replace(/\r\n?/g, '\n')],
      [
        'leaves out what is beyond the basic plane',
        (text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd'),
      ],
      ['cuts texts at 255 signs', (text) => text.slice(0, 255)],
      ['takes a backslash for an escape', (text) => text.replaceAll('\\n', '\n')],
      [
        'makes a number of a text that looks like one',
        (text) => (/^\d+$/.test(text) ? String(Number(text)) : text),
      ],
    ] satisfies [string, (text: string) => string][]
  ).map(([does, change]) => ({ does, caughtBy: 'texts come back sign for sign', engine: retelling(change) })),
  {
    does: 'gives 0 and 1 for no and yes',
    caughtBy: 'an entry comes back with every field, a guest’s as a guest’s',
    engine: telling((entry) => ({ ...entry, guest: Number(entry.guest) as unknown as boolean })),
  },
  {
    does: 'asks the engine for at most five hundred at once',
    caughtBy: 'a thousand standings and outlooks can be asked for at once',
    engine: answering((from) => ({
      outlooks: (asked, limit) => from.outlooks(asked.slice(-500), limit),
    })),
  },
];
