import { button, h, type View } from './dom.js';

export interface Ended {
  readonly heading: string;
  readonly text: string;
  readonly action: string;
  readonly act: () => void;
  /** What was written and never sent. */
  readonly unsent: readonly string[];
}

/** What happened, what now, and what was written but not sent: readable, to be copied. */
export const createEnding = ({ heading: what, text, action, act, unsent }: Ended): View<void> => {
  const heading = h('h1', {}, what);
  const next = button(action, 'primary', act);
  const el = h(
    'div',
    { id: 'ending', class: 'page narrow stack' },
    heading,
    h('p', { class: 'lead' }, text),
    next,
  );
  if (unsent.length > 0) {
    el.append(
      h(
        'section',
        { class: 'card stack', 'aria-labelledby': 'unsent-heading' },
        h('h2', { id: 'unsent-heading' }, 'What you wrote and did not send'),
        ...unsent.map((one) => h('p', { class: 'text unsent-text', dir: 'auto' }, one)),
      ),
    );
  }
  return { el, title: what, heading, update() {}, dispose() {} };
};
