/** Where peers stand in a drawing: on a circle, the first at the top, clockwise. */
export type Point = readonly [x: number, y: number]

export function onCircle(n: number, centre: number, radius: number): Point[] {
  return Array.from({ length: n }, (_, i) => {
    const angle = (2 * Math.PI * i) / n
    return [centre + radius * Math.sin(angle), centre - radius * Math.cos(angle)]
  })
}
