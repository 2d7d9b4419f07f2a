/** A view or a part of one: its element, how to show another state, and how to let go of what it holds. */
export interface Part<S> {
  readonly el: HTMLElement;
  readonly update: (state: S) => void;
  readonly dispose: () => void;
}

/** A whole view: named in the title, and its heading has the focus when it comes. */
export interface View<S> extends Part<S> {
  readonly title: string;
  readonly heading: HTMLElement;
  /** Where the view wants "Log out"; the page's head otherwise. */
  readonly logOutSlot?: HTMLElement;
}

type Attributes = Readonly<Record<string, string>>;

/** Makes an element. Text becomes text nodes and nothing else. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  el.append(...children);
  return el;
};

/** Writes only what differs: an idle page is not touched. */
export const setText = (el: HTMLElement, text: string): void => {
  if (el.textContent !== text) el.textContent = text;
};

export const setHidden = (el: HTMLElement, hidden: boolean): void => {
  if (el.hidden !== hidden) el.hidden = hidden;
};

export const button = (name: string, kind: string, run: () => void): HTMLButtonElement => {
  const el = h('button', { type: 'button', class: kind }, name);
  el.addEventListener('click', run);
  return el;
};

export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => {
  const el = document.getElementById(id);
  if (el === null) throw new Error(`The page has no #${id}`);
  return el as T;
};
