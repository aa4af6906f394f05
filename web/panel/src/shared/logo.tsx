import classes from "./logo.module.css";

export function Logo({ size = 20 }: { size?: number }) {
  return (
    <span className={classes.logo} style={{ fontSize: size * 0.8 }}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        <path d="M7 11V6a1.7 1.7 0 0 1 3.4 0v4m0-5.3a1.7 1.7 0 0 1 3.4 0V10m0-3.6a1.7 1.7 0 0 1 3.4 0V14a7 7 0 0 1-7 7c-3 0-4.6-1.600-6-4l-2-3.400a1.700 1.700 0 0 1 2.900-1.700L7 13.500" />
      </svg>
      <span>aceno</span>
    </span>
  );
}
