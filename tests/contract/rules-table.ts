import { everyCase, type Case } from './contract.js';
import { saboteurs } from './saboteurs/saboteurs.js';

const KINDS = [
  { durable: false, shared: false },
  { durable: true, shared: false },
  { durable: false, shared: true },
  { durable: true, shared: true },
];

/** Which engines a rule is for, in words. */
const whoFor = ({ when }: Case): string => {
  if (when === undefined) return 'all';
  const held = KINDS.filter(when);
  const tell = (capability: 'durable' | 'shared'): string[] => {
    if (held.every((has) => has[capability])) return [capability];
    return held.every((has) => !has[capability]) ? [`not ${capability}`] : [];
  };
  return [...tell('durable'), ...tell('shared')].join(', ');
};

/** Every rule of the suite, for which engines it is, and the engines that are broken on purpose and caught by it. */
export const rulesTable = (): string => {
  const rows = everyCase.map((rule) => {
    const caught = saboteurs.filter(({ caughtBy }) => caughtBy === rule.name).map(({ does }) => `… ${does}`);
    return `| ${rule.name} | ${whoFor(rule)} | ${caught.join('<br>') || 'none of its own'} |`;
  });
  return ['| the rule | for | an engine is caught by it that |', '| --- | --- | --- |', ...rows].join('\n');
};
