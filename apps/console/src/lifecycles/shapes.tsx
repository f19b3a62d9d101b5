/** The shapes of states: each stands for one kind of state wherever it is shown. Drawn on 12 × 12, in the current colour. */
export const SHAPES = {
  dashed: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
  play: <path d="M3 1.8v8.4L10.4 6z" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  cross: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />,
  square: <rect x="2" y="2" width="8" height="8" rx="1.5" fill="currentColor" />,
  arc: <path d="M6 1.5A4.5 4.5 0 1 1 1.5 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  check: (
    <path
      d="M2 6.4l2.7 2.7L10 3.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  pause: <path d="M3 2h2.2v8H3zM6.8 2H9v8H6.8z" fill="currentColor" />,
  diamond: <path d="M6 1 11 6 6 11 1 6z" fill="currentColor" />,
  triangle: <path d="M6 1.5 11 10.5H1z" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />,
  dash: <path d="M2 6h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
} as const;
