import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium without its windows: the same engine, at half the cost of starting it and of each visitor. */
const SHELLS = ['chromium-headless-shell', 'chrome-headless-shell'];
const NAMES = ['google-chrome', 'google-chrome-stable', 'chrome', 'chromium', 'chromium-browser'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const isThere = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Where Chrome or Chromium is on this machine: what CHROME_PATH says, or else the first found; null where none is.
 * @param shellFirst whether the one without windows is taken where there is one, rather than what people use
 */
export const findChromium = ({ shellFirst = false } = {}) => {
  if (process.env.CHROME_PATH) return isThere(process.env.CHROME_PATH) ? process.env.CHROME_PATH : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = shellFirst ? [...SHELLS, ...NAMES] : [...NAMES, ...SHELLS];
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...ELSEWHERE].find(isThere) ?? null;
};
