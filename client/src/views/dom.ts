/** What shows a state: its element, and how to show another. */
export interface Part<S> {
  readonly el: HTMLElement;
  readonly update: (state: S) => void;
}

/** A whole view: named in the title, its heading has the focus when it comes, and it lets go of what it holds when it goes. */
export interface View {
  readonly el: HTMLElement;
  readonly dispose?: () => void;
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

/** The part of a view that a selector names. */
export const part = <T extends HTMLElement = HTMLElement>(el: ParentNode, selector: string): T => {
  const found = el.querySelector<T>(selector);
  if (found === null) throw new Error(`There is no ${selector}`);
  return found;
};

export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => part<T>(document, `#${id}`);

/** A fresh copy of what stands in the page as a template. */
export const fromTemplate = <T extends HTMLElement = HTMLElement>(id: string): T =>
  part<T>(byId<HTMLTemplateElement>(id).content.cloneNode(true) as DocumentFragment, '*');
