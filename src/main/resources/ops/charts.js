// Small charts in SVG, drawn from numbers; colours come from the style sheet.

import { h, svg } from './dom.js';
import { hour, number, t } from './i18n.js';

const HEIGHT = 60;

/** Videos and failures of each hour, one bar on the other. */
export function hours(list) {
  const sum = (name) => list.reduce((all, one) => all + one[name], 0);
  const highest = Math.max(1, ...list.map((one) => one.delivered + one.failed));
  const says = t('chart.hours.says', { delivered: number(sum('delivered')), failed: number(sum('failed')) });
  const bars = list.flatMap((one, index) => {
    const x = index * 10 + 1;
    const good = (one.delivered / highest) * HEIGHT;
    const bad = (one.failed / highest) * HEIGHT;
    const title = () =>
      svg('title', {}, t('chart.hour', { hour: hour(one.at), delivered: one.delivered, failed: one.failed }));
    return [
      svg('rect', { class: 'ground', x, y: 0, width: 8, height: HEIGHT }, title()),
      svg('rect', { class: 'good', x, y: HEIGHT - good, width: 8, height: good }, title()),
      svg('rect', { class: 'bad', x, y: HEIGHT - good - bad, width: 8, height: bad }, title()),
    ];
  });
  return [
    svg(
      'svg',
      { class: 'hours', viewBox: `0 0 240 ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': says },
      bars,
    ),
    h('p', { class: 'quiet' }, says),
  ];
}

/** One bar for each class of failure, the longest first. */
export function classes(counts, choose) {
  const list = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  if (list.length === 0) {
    return [h('p', { class: 'quiet' }, t('chart.none'))];
  }
  const highest = list[0][1];
  return [
    h(
      'ul',
      { class: 'bars' },
      list.slice(0, 5).map(([name, count]) =>
        h(
          'li',
          {},
          h('button', { type: 'button', class: 'link', onclick: () => choose(name) }, t(`class.${name}`)),
          svg(
            'svg',
            { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
            svg('rect', { class: 'bad', width: Math.max(1, (count / highest) * 100), height: 8 }),
          ),
          h('span', { class: 'number' }, number(count)),
        ),
      ),
    ),
  ];
}
