/**
 * A shadow at each side beyond which there is more to scroll to; covers that move with the content lie over it at the ends.
 * Without it a chart that is cut off on a phone looks whole.
 */
const scrollShadow = (ground: string): string => {
  const side = (to: 'left' | 'right', from: string, width: string, moves: 'local' | 'scroll') =>
    `linear-gradient(to ${to},${from},transparent) ${to === 'right' ? '0' : '100%'} 0/${width} 100% no-repeat ${moves}`;
  const sides = ['right', 'left'] as const;
  const covers = sides.map((to) => side(to, `${ground} 40%`, '40px', 'local'));
  const shadows = sides.map((to) => side(to, 'var(--shadow)', '14px', 'scroll'));
  return `background:${[...covers, ...shadows, ground].join(',')}`;
};

/** The style sheet of the report: light and dark, nothing loaded from elsewhere. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--text:#17191c;--faint:#646b75;--line:#dfe2e7;--shadow:rgb(0 0 0/.25);
--c0:#2458d3;--c1:#b9650a;--c2:#0b7d52;--c3:#8a3fc0;--c4:#6b7280;--c5:#c22f3d;--c6:#0b7f93;--c7:#8a7a00}
@media (prefers-color-scheme:dark){:root{--ground:#131518;--raised:#1b1e22;--text:#e6e8eb;--faint:#9aa2ad;--line:#30353c;--shadow:rgb(255 255 255/.25);
--c0:#7aa5ff;--c1:#f0a44b;--c2:#4cc38f;--c3:#c793f0;--c4:#9aa2ad;--c5:#ff7a85;--c6:#4fc4d6;--c7:#d3c14a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1240px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:15px;margin:20px 0 4px}p{margin:6px 0;max-width:78ch;overflow-wrap:anywhere}.faint,.empty{color:var(--faint)}
nav{display:flex;flex-wrap:wrap;gap:4px 14px;margin:14px 0 0;font-size:13px}nav a{color:var(--c0)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:10px;margin:18px 0}
.card{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.card b{display:block;font-size:21px;font-variant-numeric:tabular-nums}.card span{font-size:13px;color:var(--faint);overflow-wrap:anywhere}
.scroll{overflow-x:auto;${scrollShadow('var(--ground)')}}figure .scroll{background:none}table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:5px 5px;vertical-align:top;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
.wrap{display:inline-block;white-space:normal;min-width:38ch;overflow-wrap:anywhere}th{font-weight:600;color:var(--faint);white-space:normal;vertical-align:bottom}
td small{font-size:11.5px;color:var(--faint)}.name{white-space:nowrap}.folded{display:inline-block;max-width:18ch;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}.number{text-align:right}
tr.baseline td{color:var(--faint)}.better{color:var(--c2);font-weight:600}.worse{color:var(--c5)}.inside-noise{color:var(--faint)}
.tag{font-size:11.5px;border:1px solid var(--line);border-radius:9px;padding:0 7px;color:var(--faint)}
figure{max-width:960px;margin:14px 0;background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
figcaption{font-size:13px;font-weight:600;margin-bottom:4px}svg{display:block;width:100%;height:auto}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:12px}.grid2 figure,figure.wide{max-width:none}.grid2 figure{margin:0}
svg text{fill:var(--text);font:11px system-ui,sans-serif}svg .tick{fill:var(--faint);font-size:10.5px}svg .label{fill:var(--faint)}
svg .name{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round;font:11.5px ui-monospace,"SF Mono",Menlo,Consolas,monospace}svg .faint{fill:var(--faint)}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--faint);stroke-width:1}.edge{fill:none;stroke:var(--line);stroke-width:1.5}
path.thin,path.strong{fill:none;stroke-linejoin:round;stroke-width:1.5}path.strong{stroke-width:2.6}
.level{stroke-width:1.3;stroke-dasharray:5 4}.band{opacity:.13;stroke:none}.interval{stroke-width:2.5;stroke-linecap:round}
.node{stroke-width:1.5;fill:var(--c0);stroke:var(--c0)}.node.baseline{fill:var(--c4);stroke:var(--c4)}
${[0, 1, 2, 3, 4, 5, 6, 7]
  .map(
    (index) =>
      `path.c${index},line.c${index}{stroke:var(--c${index})}circle.c${index},rect.c${index}{fill:var(--c${index})}.swatch.c${index}{background:var(--c${index})}`,
  )
  .join('\n')}
.point{stroke:var(--raised);stroke-width:1}.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px;color:var(--faint);padding:4px 0 0 50px}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:5px;vertical-align:-1px}
pre{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 12px;overflow-x:auto;font:12.5px/1.45 ui-monospace,Menlo,Consolas,monospace}
code{font:12.5px ui-monospace,Menlo,Consolas,monospace}details{margin:10px 0}summary{cursor:pointer;font-weight:600}li{max-width:78ch;margin:4px 0}
@media (max-width:640px){figure{overflow-x:auto;${scrollShadow('var(--raised)')}}figure>svg{min-width:640px}.grid2 figure>svg{min-width:0}}
@media print{nav,summary{display:none}.folded{max-width:none;white-space:normal}figure{break-inside:avoid}}
`;
