const paths = {
  close: "M6 9l6 6 6-6",
  send: "M5 12h13M12 5l7 7-7 7",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5",
  soundOn: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  soundOff: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM16 10l4 4M20 10l-4 4",
  down: "M12 5v13M6 12l6 6 6-6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  ticks: "M2 12.5L6.5 17 15 8M11.5 15.5L13 17l9-9",
} as const;

/** A line drawing; it says nothing to screen readers, the button around it does. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
