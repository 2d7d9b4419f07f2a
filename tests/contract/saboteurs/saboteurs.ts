import { answerSaboteurs } from './answers.js';
import { archiveSaboteurs } from './archives.js';
import { changesSaboteurs } from './changes.js';
import { numberSaboteurs } from './numbers.js';
import { peopleSaboteurs } from './people.js';
import { presenceSaboteurs } from './presence.js';
import { retentionSaboteurs } from './retention.js';
import type { Saboteur } from './sabotage.js';
import { transactionSaboteurs } from './transactions.js';

/** All of them. */
export const saboteurs: readonly Saboteur[] = [
  ...numberSaboteurs,
  ...retentionSaboteurs,
  ...answerSaboteurs,
  ...peopleSaboteurs,
  ...transactionSaboteurs,
  ...changesSaboteurs,
  ...presenceSaboteurs,
  ...archiveSaboteurs,
];
