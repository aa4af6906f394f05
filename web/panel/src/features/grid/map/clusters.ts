/** A place on the map and how many visitors are there. */
export interface Spot {
  code: string;
  count: number;
  /** On the screen, in pixels. */
  x: number;
  y: number;
}

/** One circle: a place, or several that would lie on each other. */
export interface Cluster {
  spots: Spot[];
  count: number;
  x: number;
  y: number;
  radius: number;
}

const smallest = 9;
const largest = 30;

function radiusOf(count: number, most: number): number {
  return smallest + (largest - smallest) * Math.sqrt(count / most);
}

/** Puts together what would overlap, the largest first; the middle of a cluster is that of its visitors. */
export function clustersOf(spots: readonly Spot[]): Cluster[] {
  const total = Math.max(1, ...spots.map(({ count }) => count));
  const clusters: Cluster[] = [];
  for (const spot of [...spots].sort((a, b) => b.count - a.count)) {
    const radius = radiusOf(spot.count, total);
    const near = clusters.find((each) => Math.hypot(each.x - spot.x, each.y - spot.y) < (each.radius + radius) * 0.75);
    if (!near) {
      clusters.push({ spots: [spot], count: spot.count, x: spot.x, y: spot.y, radius });
      continue;
    }
    const count = near.count + spot.count;
    near.x = (near.x * near.count + spot.x * spot.count) / count;
    near.y = (near.y * near.count + spot.y * spot.count) / count;
    near.spots.push(spot);
    near.count = count;
    near.radius = Math.min(largest, radiusOf(count, total));
  }
  return clusters;
}
