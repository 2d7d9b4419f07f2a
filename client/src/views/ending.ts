import { fromTemplate, h, part, type View } from './dom.js';

export interface Ended {
  readonly heading: string;
  readonly text: string;
  readonly action: string;
  readonly act: () => void;
  /** What was written and never sent. */
  readonly unsent: readonly string[];
}

/** What happened, what now, and what was written but not sent: readable, to be copied. */
export const createEnding = ({ heading: what, text, action, act, unsent }: Ended): View => {
  const el = fromTemplate('ending-view');
  const heading = part(el, 'h1');
  const next = part(el, 'button');
  const section = part(el, 'section');
  heading.textContent = what;
  next.textContent = action;
  next.addEventListener('click', act);
  part(el, '.lead').textContent = text;
  section.hidden = unsent.length === 0;
  section.append(...unsent.map((one) => h('p', { class: 'text unsent-text', dir: 'auto' }, one)));
  return { el, title: what, heading };
};
