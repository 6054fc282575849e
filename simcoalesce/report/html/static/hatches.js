// Hatches: the patterns of the reports, so that nothing is told by colour alone.

const SIZE = 8;
const STROKES = {
  "/": [[0, SIZE, SIZE, 0]],
  "\\": [[0, 0, SIZE, SIZE]],
  x: [[0, SIZE, SIZE, 0], [0, 0, SIZE, SIZE]],
};
const made = new Map();

/** Return the fill of an outcome: its colour, with its hatch if it has one. */
export function hatched({ colour, edge, hatch }) {
  if (!hatch) return colour;
  const key = colour + hatch;
  if (!made.has(key)) made.set(key, pattern(colour, edge, hatch));
  return made.get(key);
}

function pattern(colour, edge, hatch) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, SIZE, SIZE);
  context.strokeStyle = context.fillStyle = edge;
  context.lineWidth = 1;
  if (hatch === ".") context.fillRect(SIZE / 2, SIZE / 2, 2, 2);
  for (const [x, y, toX, toY] of STROKES[hatch] ?? []) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(toX, toY);
    context.stroke();
  }
  return context.createPattern(canvas, "repeat");
}
