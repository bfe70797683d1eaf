import type { ReactNode } from "react";

/** Drawn in the text's colour, and nothing to whoever listens. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      data-part="icon"
      viewBox="0 0 24 24"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const UploadIcon = () => (
  <Icon>
    <path d="M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />
  </Icon>
);
export const CancelIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M9 5v14M15 5v14" />
  </Icon>
);
export const ResumeIcon = () => (
  <Icon>
    <path d="M8 5.5v13l10-6.5z" />
  </Icon>
);
export const RetryIcon = () => (
  <Icon>
    <path d="M4.5 12a7.5 7.5 0 1 1 2.4 5.5M4 19v-4.5h4.5" />
  </Icon>
);
export const DoneIcon = () => (
  <Icon>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
);
export const FailedIcon = () => (
  <Icon>
    <path d="M12 8v5m0 3v.01M12 3.5 2.8 19.5h18.4z" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M14 3.5H7a1 1 0 0 0-1 1v15a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7.5zm0 0v4h4" />
  </Icon>
);
export const SoundIcon = () => (
  <Icon>
    <path d="M4 10v4h3l5 4V6L7 10zM16 9a4 4 0 0 1 0 6m2.5-8.5a8 8 0 0 1 0 11" />
  </Icon>
);
