/** The look of a report: the reader's own fonts, light or dark as the reader has it. */
export const style = `
:root{--ground:#f6f7f9;--card:#fff;--ink:#15181e;--soft:#5c6573;--line:#dfe3e9;--accent:#3457d5;--good:#156a3d;--careful:#9a5b00;--bad:#c0262d;
--good-soft:#e3f4ea;--careful-soft:#fdf0d9;--bad-soft:#fde6e6;--accent-soft:#e7ecfc}
@media(prefers-color-scheme:dark){:root{--ground:#101318;--card:#181c23;--ink:#e8ebf0;--soft:#9aa4b2;--line:#2b313b;--accent:#8ea6ff;--good:#63d297;--careful:#f0b45c;--bad:#ff8a8a;
--good-soft:#15301f;--careful-soft:#33260f;--bad-soft:#3a1c1e;--accent-soft:#1e2846}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
section+section{margin-top:4rem}
header{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:14px;padding:1.5rem 1.75rem}
header.good{--tone:var(--good)}header.careful{--tone:var(--careful)}header.bad{--tone:var(--bad)}
.eyebrow{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.04em}
h1{margin:.15rem 0 0;font-size:2rem;line-height:1.2;letter-spacing:-.02em}
.headline{margin:.35rem 0 0;color:var(--tone);font-weight:600;font-size:1.1rem}
h2{margin:2.5rem 0 .75rem;font-size:1.15rem;letter-spacing:-.01em}
h3{margin:0;font-size:1rem;display:flex;gap:.6rem;align-items:center;flex-wrap:wrap}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.75rem;list-style:none;margin:.75rem 0 0;padding:0}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.75rem 1rem;color:var(--soft);font-size:.85rem}
.tiles b{display:block;color:var(--ink);font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:0 0 .75rem}
.finding p{margin:.35rem 0 0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin-top:.6rem;font-size:.92rem}
th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-top:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
th[scope=row],th[scope=col]{color:var(--soft);font-weight:500;white-space:nowrap}
article table{margin-bottom:0}
article td:nth-child(2){min-width:13rem}
code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.quiet{color:var(--soft);font-weight:400;font-size:.92rem}
.badge{font-size:.75rem;font-weight:600;border-radius:99px;padding:.1rem .6rem;background:var(--accent-soft);color:var(--accent)}
.badge.added,.badge.exempt{background:var(--good-soft);color:var(--good)}
.badge.removed,.badge.refused{background:var(--bad-soft);color:var(--bad)}
.badge.reported,.risk{background:var(--careful-soft);color:var(--careful)}
.risk{font-style:normal;font-size:.8rem;font-weight:600;border-radius:6px;padding:.1rem .45rem;white-space:nowrap}
.bar{position:relative;height:.75rem;border-radius:99px;background:var(--line);margin:.5rem 0 1rem}
.bar i{position:absolute;top:0;bottom:0;border-radius:99px;background:var(--accent);opacity:.45;min-width:.5rem}
.bar b{position:absolute;top:-.25rem;bottom:-.25rem;width:4px;margin-left:-2px;border-radius:2px;background:var(--accent)}
svg{display:block;max-width:none;font-family:inherit}
.node rect{fill:var(--card);stroke:var(--line);stroke-width:1.5}
.node.public rect{stroke:var(--accent)}
.node .name{fill:var(--ink);font-weight:600;font-size:14px}
.node .kind{fill:var(--soft);font-size:12px}
.globe,.head{fill:var(--accent)}
.link{fill:none;stroke:var(--accent);stroke-width:1.5;opacity:.75}
@media(max-width:40rem){article tr{display:flex;flex-wrap:wrap;border-top:1px solid var(--line);padding:.4rem 0}
article th[scope=row],article td{border:0;padding:0 .75rem 0 0}article td:nth-child(2){min-width:0;flex:1}article td:nth-child(3){flex-basis:100%}}
@media print{body{background:#fff}article,header,.tiles li{break-inside:avoid}}
`;
