// The verbs, for one job or for a thousand. What pays or cannot be undone asks first.

import { act } from './api.js';
import { byId, h, toast } from './dom.js';
import { counted, number, sayingOf, t } from './i18n.js';

export const VERBS = ['recheck', 'redeliver', 'resubmit', 'cancel', 'attach'];
const PAYS_AGAIN = ['generation', 'provider', 'expired', 'submit-unknown'];
const OVER = ['DELIVERED', 'CANCELLED', 'DUPLICATE', 'SUBMITTING'];

// the accounts at which a task whose answer was lost can be looked for
let finders = new Set();

/** Takes note of what the accounts can do, as the API tells. */
export function setAccounts(accounts) {
  finders = new Set(accounts.filter((account) => account.findsTasks).map((account) => account.provider));
}

/** What may be done to a job, as far as its state and its account tell. */
export function verbsFor(job) {
  const failed = job.class;
  const lost = job.state === 'SUBMIT_UNKNOWN';
  const may = {
    recheck: (lost && finders.has(job.provider)) || (job.state === 'FAILED' && job.taskId),
    redeliver: failed === 'result' || failed === 'delivery',
    resubmit: (lost || job.state === 'FAILED') && PAYS_AGAIN.includes(failed),
    cancel: !OVER.includes(job.state),
    attach: lost,
  };
  return VERBS.filter((verb) => may[verb]);
}

/** Opens the small dialog with that content; closing it answers null. */
export function ask(title, content, buttons) {
  const dialog = byId('ask');
  return new Promise((resolve) => {
    const end = (value) => {
      dialog.onclose = null;
      dialog.close();
      resolve(value);
    };
    dialog.onclose = () => {
      if (!dialog.open) {
        resolve(null);
      }
    };
    dialog.replaceChildren(
      h('h2', { id: 'ask-title' }, title),
      ...content,
      h('div', { class: 'buttons' }, buttons(end)),
    );
    if (!dialog.open) {
      dialog.showModal();
    }
  });
}

function yesOrNo(verb, possible = true) {
  return (end) => [
    h('button', { type: 'button', autofocus: verb !== 'attach', onclick: () => end(null) }, t('ask.no')),
    h(
      'button',
      { type: 'button', class: 'main', id: 'ask-yes', disabled: !possible, onclick: () => end(true) },
      t(`ask.yes.${verb}`),
    ),
  ];
}

/** Asks whether to do something that is said in one sentence. */
export const agreed = (verb, says) => ask(t(`ask.${verb}`), [h('p', {}, says)], yesOrNo(verb));

/** Each thing that is said to jobs, and to how many. */
function sayings(answer, idOf = (job) => job.job) {
  const groups = new Map();
  for (const job of answer.jobs) {
    const values = { credits: number(job.estimate ?? 0) };
    const said = sayingOf('said', job.code, job.message, values).replaceAll(idOf(job), '…');
    groups.set(said, (groups.get(said) ?? 0) + 1);
  }
  return h(
    'ul',
    { class: 'sayings', tabindex: 0, 'aria-label': t('col.reason') },
    [...groups].slice(0, 50).map(([said, count]) => h('li', {}, h('b', {}, `${number(count)} × `), said)),
  );
}

async function mayPay(ids) {
  const dry = await act('resubmit', { jobs: ids, dryRun: true });
  const lines = [
    h('p', {}, counted('ask.count', dry.done, { refused: number(dry.refused) })),
    h('p', { class: 'price' }, counted('ask.price', dry.done, { credits: number(dry.credits) })),
  ];
  if (dry.unknownPrices > 0) {
    lines.push(h('p', { class: 'price' }, t('ask.unknown', { n: number(dry.unknownPrices) })));
  }
  return ask(t('ask.resubmit'), [...lines, sayings(dry)], yesOrNo('resubmit', dry.done > 0));
}

async function mayCancel(ids) {
  const dry = await act('cancel', { jobs: ids, dryRun: true });
  const line = h('p', {}, counted('ask.count', dry.done, { refused: number(dry.refused) }));
  return ask(t('ask.cancel'), [line, sayings(dry)], yesOrNo('cancel', dry.done > 0));
}

async function whichTask() {
  const input = h('input', { id: 'task', maxlength: 200, autocomplete: 'off', spellcheck: 'false' });
  const yes = await ask(
    t('ask.attach'),
    [h('label', {}, h('span', {}, t('ask.task')), input)],
    yesOrNo('attach'),
  );
  return yes ? input.value.trim() : '';
}

/** What else the call needs; null if the person would rather not. */
async function consent(verb, ids) {
  switch (verb) {
    case 'resubmit':
      return (await mayPay(ids)) ? { pay: true } : null;
    case 'cancel':
      return (await mayCancel(ids)) ? {} : null;
    case 'attach': {
      const taskId = await whichTask();
      return taskId ? { taskId } : null;
    }
    default:
      return {};
  }
}

/** Does a verb to jobs, and tells what became of it. */
export async function run(verb, ids) {
  if (ids.length === 0) {
    return;
  }
  try {
    const more = await consent(verb, ids);
    if (more === null) {
      return;
    }
    const answer = await act(verb, { jobs: ids, ...more });
    const name = t(`verb.${verb}`).replace(/\s*…$/, '');
    const counts = { verb: name, refused: number(answer.refused) };
    if (answer.refused === 0) {
      toast(counted('done.all', answer.done, counts));
    } else {
      await ask(name, [h('p', {}, counted('done.some', answer.done, counts)), sayings(answer)], (end) => [
        h('button', { type: 'button', class: 'main', onclick: () => end(null) }, t('close')),
      ]);
    }
  } catch (error) {
    toast(error.message, true);
  }
}

export function buttons(verbs, ids, after) {
  return verbs.map((verb) =>
    h(
      'button',
      {
        type: 'button',
        'data-verb': verb,
        onclick: async () => {
          await run(verb, ids());
          after();
        },
      },
      t(`verb.${verb}`),
    ),
  );
}
