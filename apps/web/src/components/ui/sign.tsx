/** The fermata sign: hold this. */
export function Sign({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 24" fill="currentColor" aria-hidden="true" className={className}>
      <path d="M1.6 20.4C1.6 9.6 8 2.8 16 2.8s14.4 6.8 14.4 17.6h-1.3C27.8 12 22.6 7.2 16 7.2S4.2 12 2.9 20.4Z" />
      <circle cx="16" cy="18" r="3.1" />
    </svg>
  );
}
