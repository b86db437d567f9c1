// Small charts. Chart.js is fetched when the page already stands; what a chart shows is always told in words too.

import { h } from './dom.js';
import { duration, hour, number, t } from './i18n.js';

const ROW = 24;

const charts = new Map();
let library = null;

function loaded() {
  library ??= import('./lib/chart.umd.js').then(
    () => globalThis.Chart,
    () => null,
  );
  return library;
}

/** A colour of the style sheet as it is now, in light or dark. */
function colour(name) {
  const probe = h('span', { hidden: true });
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The chart of that name with other figures: the same canvas, wherever the page puts it. */
function chart(name, says, make) {
  let one = charts.get(name);
  if (!one) {
    const canvas = h('canvas', { role: 'img' });
    one = { canvas, box: h('div', { class: `chart ${name}` }, canvas), drawn: null, seen: '' };
    charts.set(name, one);
  }
  one.canvas.setAttribute('aria-label', says);
  const config = make();
  const seen = JSON.stringify(config) + says;
  if (seen !== one.seen) {
    one.seen = seen;
    loaded().then((Chart) => {
      if (!Chart || one.seen !== seen) {
        return;
      }
      if (one.drawn) {
        one.drawn.data = config.data;
        one.drawn.options = config.options;
        one.drawn.update('none');
      } else {
        Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        one.drawn = new Chart(one.canvas, config);
      }
    });
  }
  return one.box;
}

function options(more) {
  return {
    // nothing moves, whoever asks for less motion or not
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    plugins: { legend: { display: false }, tooltip: { animation: false, displayColors: false, ...more.tooltip } },
    interaction: { mode: 'index', axis: more.axis ?? 'x', intersect: false },
    indexAxis: more.axis ?? 'x',
    scales: more.scales,
  };
}

function overTime(high) {
  return {
    x: {
      stacked: true,
      grid: { display: false },
      border: { color: colour('line') },
      ticks: { color: colour('quiet'), font: { size: 11 }, maxTicksLimit: 4, maxRotation: 0 },
    },
    y: { stacked: true, display: false, beginAtZero: true, suggestedMax: high },
  };
}

/** Videos and failures of each hour, one bar on the other. */
export function hours(list) {
  const sum = (name) => list.reduce((all, one) => all + one[name], 0);
  const says = t('chart.hours.says', { delivered: number(sum('delivered')), failed: number(sum('failed')) });
  const bars = (name, ink) => ({
    label: t(`state.${name.toUpperCase()}`),
    data: list.map((one) => one[name]),
    backgroundColor: colour(ink),
    barPercentage: 0.95,
    categoryPercentage: 0.95,
  });
  const box = chart('hours', says, () => ({
    type: 'bar',
    data: { labels: list.map((one) => hour(one.at)), datasets: [bars('delivered', 'good'), bars('failed', 'bad')] },
    options: options({ scales: overTime(1), tooltip: {} }),
  }));
  return [box, h('p', { class: 'quiet' }, says)];
}

/** How late the ends of tasks were noticed, hour by hour, in a drawing only; nothing if none ended. */
export function lags(list) {
  const known = list.filter((one) => one.lagMillis !== null);
  if (known.length === 0) {
    return [];
  }
  const worst = Math.max(...known.map((one) => one.lagMillis));
  const says = t('chart.lag.says', { time: duration(worst, true) });
  const box = chart('lags', says, () => ({
    type: 'line',
    data: {
      labels: list.map((one) => hour(one.at)),
      datasets: [
        {
          data: list.map((one) => one.lagMillis),
          borderColor: colour('main'),
          backgroundColor: colour('main'),
          borderWidth: 2,
          pointRadius: 2,
          spanGaps: true,
        },
      ],
    },
    options: options({
      scales: overTime(1000),
      tooltip: { callbacks: { label: (item) => duration(item.parsed.y, true) } },
    }),
  }));
  return [box];
}

/** One bar for each class of failure, the longest first; the names beside it are buttons. */
export function classes(counts, choose) {
  const list = Object.entries(counts)
    .sort((one, other) => other[1] - one[1])
    .slice(0, 6);
  if (list.length === 0) {
    return [h('p', { class: 'quiet' }, t('chart.none'))];
  }
  const names = list.map(([name]) => t(`class.${name}`));
  const says = list.map(([, count], index) => `${names[index]} ${number(count)}`).join(', ');
  const box = chart('classes', says, () => ({
    type: 'bar',
    data: {
      labels: names,
      datasets: [{ data: list.map(([, count]) => count), backgroundColor: colour('bad'), maxBarThickness: 9 }],
    },
    options: options({
      axis: 'y',
      scales: { x: { display: false, beginAtZero: true }, y: { display: false } },
      tooltip: { enabled: false },
    }),
  }));
  box.style.height = `${list.length * ROW}px`;
  const rows = list.map(([name, count], index) =>
    h(
      'li',
      {},
      h('button', { type: 'button', class: 'link', onclick: () => choose(name) }, names[index]),
      h('span', { class: 'number' }, number(count)),
    ),
  );
  return [h('div', { class: 'bars' }, h('ul', {}, rows), box)];
}
