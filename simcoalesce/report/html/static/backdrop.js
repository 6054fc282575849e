// Backdrop: what a chart shows besides its series: a shaded time, intervals, marked instants.

const LINE_PX = 14;

/** Draw behind the series of a plot what its panel says. */
export function backdrop(plot, { view, layers, legend }, css) {
  const { ctx, bbox } = plot;
  const x = (value) => plot.valToPos(value, "x", true);
  const y = (value) => plot.valToPos(value, "y", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (view.shaded) {
    ctx.fillStyle = css("--window");
    ctx.fillRect(x(view.shaded[0]), bbox.top, x(view.shaded[1]) - x(view.shaded[0]), bbox.height);
  }
  const xs = plot.data[0];
  for (const layer of layers) if (layer.low && !legend.hidden.has(layer.name)) intervals(ctx, layer, xs, x, y);
  ctx.restore();
}

/** Draw before the series of a plot the instants that are marked. */
export function marks(plot, { view }, css) {
  const { ctx, bbox } = plot;
  ctx.save();
  (view.marks ?? []).forEach((mark, row) => {
    const at = plot.valToPos(mark.at, "x", true);
    if (at >= bbox.left && at <= bbox.left + bbox.width) marked(ctx, mark, at, row, bbox, css);
  });
  ctx.restore();
}

function intervals(ctx, { low, high, stroke }, xs, x, y) {
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.globalAlpha = 0.65;
  ctx.beginPath();
  low.forEach((end, at) => {
    if (end === null) return;
    ctx.moveTo(x(xs[at]), y(end));
    ctx.lineTo(x(xs[at]), y(high[at]));
  });
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function marked(ctx, { label, dashed }, at, row, bbox, css) {
  const pixel = devicePixelRatio;
  ctx.strokeStyle = css("--ink");
  ctx.lineWidth = pixel;
  ctx.setLineDash(dashed ? [4 * pixel, 3 * pixel] : []);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = `${11.5 * pixel}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  const width = ctx.measureText(label).width;
  const isLeft = at - bbox.left > width + 8 * pixel;
  const left = isLeft ? at - width - 5 * pixel : Math.min(at + 5 * pixel, bbox.left + bbox.width - width);
  const top = bbox.top + (3 + row * LINE_PX) * pixel;
  ctx.fillStyle = css("--paper");
  ctx.globalAlpha = 0.8;
  ctx.fillRect(left - 2 * pixel, top - pixel, width + 4 * pixel, LINE_PX * pixel);
  ctx.globalAlpha = 1;
  ctx.fillStyle = css("--ink");
  ctx.fillText(label, left, top);
}
