import { accessibility } from './budgets/axe.mjs';
import { endurance } from './budgets/endurance.mjs';
import { fullRoom, openBrowser, openServer, visitor } from './budgets/house.mjs';
import { lighthouseScores } from './budgets/lighthouse.mjs';
import { longLog, pace } from './budgets/pace.mjs';
import { table, writeDocument } from './budgets/report.mjs';
import { weight } from './budgets/weight.mjs';
import { build } from './build.mjs';

const MESSAGES = 5000;
const PARTS = { weight, accessibility, pace, endurance, longLog, lighthouse: lighthouseScores };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(64);
}

/** Each part has a server of its own: what one leaves there does not weigh on the next. */
const measure = async (name, browser) => {
  const server = await openServer();
  try {
    const stage = { browser, address: server.address, messages: MESSAGES };
    if (name === 'weight' || name === 'accessibility' || name === 'lighthouse')
      return await PARTS[name](stage);
    const talk = await visitor(server.address, 'Talker1');
    const longRoomId = name === 'longLog' ? await fullRoom(talk, 'Five thousand', MESSAGES) : '';
    return await PARTS[name]({ ...stage, talk, longRoomId });
  } finally {
    await server.close();
  }
};

await build({ onlyStale: true });
const browser = await openBrowser();
const rows = [];
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
    console.error(`Measuring ${name} …`);
    rows.push(...(await measure(name, browser)));
  }
} finally {
  await browser.close();
}
console.log(table(rows));
if (wanted.length === 0) writeDocument(rows, browser.version());
if (rows.some(({ holds }) => !holds)) process.exitCode = 1;
