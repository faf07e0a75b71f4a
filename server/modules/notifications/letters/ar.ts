import type { LetterWords } from './words.ts'

export const wordsAr: LetterWords = {
  confirmed: {
    subject: 'تم تأكيد طلبك {number}',
    text: 'شكرًا لك يا {name}. وصلنا طلبك ونجهّزه الآن. سنكتب إليك عندما يُشحن.',
  },
  cancelledByYou: {
    subject: 'أُلغي طلبك {number}',
    text: 'أُلغي طلبك بناءً على رغبتك.',
  },
  cancelledByUs: {
    subject: 'اضطررنا إلى إلغاء طلبك {number}',
    text: 'نأسف، لا نستطيع توصيل هذا الطلب وقد ألغيناه.',
  },
  moneyBack: 'ما دفعته يعود إليك بالطريقة نفسها، وما كان محجوزًا فقط يُفرج عنه.',
  unitsCancelled: {
    subject: 'أُلغي جزء من طلبك {number}',
    text: 'لم تعد هذه المنتجات ضمن طلبك. يعود إليك {amount} بالطريقة نفسها.',
  },
  shipments: {
    shipped: {
      subject: 'طرد من طلبك {number} في الطريق',
      text: 'غادر الطرد، وفيه:',
    },
    delivered: {
      subject: 'وصل طرد من طلبك {number}',
      text: 'سلّمته شركة الشحن، وكان فيه:',
    },
    exception: {
      subject: 'تأخر طرد من طلبك {number}',
      text: 'أبلغت شركة الشحن عن مشكلة في الطريق. تجد ما نعرفه في صفحة طلبك. في الطرد:',
    },
  },
  refunded: {
    subject: 'أعدنا إليك {amount}',
    text: 'أعدنا {amount} عن طلبك {number} بالطريقة التي دفعت بها. قد يحتاج مصرفك إلى بضعة أيام لإظهاره.',
  },
  returns: {
    requested: {
      subject: 'وصلنا طلب الإرجاع الخاص بالطلب {number}',
      text: 'تريد إرجاع هذه المنتجات. سننظر في ذلك ونكتب إليك.',
    },
    approved: {
      subject: 'يمكنك الإرجاع: الطلب {number}',
      text: 'تمت الموافقة على الإرجاع. تجد العنوان والموعد في صفحة طلبك.',
    },
    declined: {
      subject: 'لم يُقبل إرجاع الطلب {number}',
      text: 'لا نستطيع استعادة هذه المنتجات. تجد السبب في صفحة طلبك.',
    },
    label_issued: {
      subject: 'ملصق الإرجاع للطلب {number}',
      text: 'تمت الموافقة على الإرجاع والملصق جاهز. اطبعه وألصقه وسلّم الطرد.',
    },
    received: {
      subject: 'وصل إرجاع الطلب {number}',
      text: 'عادت المنتجات إلينا. سنفحصها ونكتب إليك.',
    },
    resolved: {
      subject: 'صدر القرار في إرجاع الطلب {number}',
      text: 'فحصنا المنتجات. تجد ما تحصل عليه مقابلها في صفحة طلبك.',
    },
    cancelled: {
      subject: 'أُلغي إرجاع الطلب {number}',
      text: 'تبقى المنتجات معك.',
    },
    expired: {
      subject: 'انتهت مهلة إرجاع الطلب {number}',
      text: 'لم تُرسل المنتجات في الموعد، فتبقى معك.',
    },
  },
  prices: {
    one: { subject: '{name} الآن بسعر {now}', text: 'انخفض سعر منتج في قائمة أمنياتك.' },
    several: {
      subject: 'أسعار أقل في قائمة أمنياتك: {count}',
      text: 'انخفضت أسعار هذه المنتجات في قائمة أمنياتك.',
    },
    was: 'كان {was}',
    end: 'إيقاف هذه الرسائل',
  },
  tracking: 'رقم التتبع {tracking}، {carrier}',
  expected: 'الوصول المتوقع: {days}',
  items: 'المنتجات',
  parcel: 'في هذا الطرد',
  deliveredTo: 'يُرسل إلى',
  subtotal: 'المجموع الفرعي',
  discount: 'الخصم',
  delivery: 'التوصيل',
  free: 'مجانًا',
  tax: 'الضريبة',
  taxIncluded: 'الضريبة المشمولة',
  total: 'الإجمالي',
  toOrder: 'عرض طلبك',
  toParcel: 'تتبع الطرد',
  toReturn: 'عرض الإرجاع',
  toWishes: 'عرض قائمة الأمنيات',
  whyOrder: 'تصلك هذه الرسالة لأنك طلبت منا بهذا العنوان.',
  whyPrices: 'تصلك هذه الرسالة لأنك طلبت العروض بالبريد الإلكتروني.',
}
