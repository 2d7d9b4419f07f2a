import Sequencer from '@jest/test-sequencer';

/** Where files are short and take long: jest, which goes by size until it has seen them once, would begin them last and wait for them. */
const LONG = ['contract', 'server', 'browser'].map((suite) => `/tests/${suite}/`);

const placeOf = ({ path }) => {
  const place = LONG.findIndex((folder) => path.includes(folder));
  return place < 0 ? LONG.length : place;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
