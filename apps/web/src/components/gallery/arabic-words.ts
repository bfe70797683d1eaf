import type { UploadWords } from "@fermata/api/react";

/** The components' words in Arabic: another language, and another direction. */
export const arabicWords: Partial<UploadWords> = {
  locale: "ar",
  drop: "أفلت الملفات هنا أو اخترها",
  dropOne: "أفلت ملفًا هنا أو اختر واحدًا",
  letGo: () => "أفلت لبدء الرفع",
  hint: (limit) => (limit ? `حتى ${limit} لكل ملف` : ""),
  uploads: "الملفات المرفوعة",
  queued: "في الانتظار",
  preparing: "جارٍ التحضير",
  completing: "على وشك الانتهاء",
  paused: "متوقف مؤقتًا",
  done: "تم الرفع",
  cancelled: "أُلغي",
  timeLeft: (time) => `بقي ${time}`,
  pause: (filename) => `إيقاف ${filename} مؤقتًا`,
  resume: (filename) => `متابعة ${filename}`,
  cancel: (filename) => `إلغاء ${filename}`,
  retry: (filename) => `إعادة محاولة ${filename}`,
  pauseAll: "إيقاف الكل",
  resumeAll: "متابعة الكل",
  clear: "مسح",
  soundOn: "تشغيل الصوت",
};
