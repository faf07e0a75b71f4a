import type { Letters } from './letter.ts'

export const lettersEs: Letters = {
  prove: {
    subject: 'Confirma tu dirección de correo',
    lines: [
      'Hola, {name}:',
      'confirma que esta dirección de correo es tuya:',
      '{link}',
      'Se te pedirá la contraseña de tu cuenta nueva. El enlace vale tres días.',
      'Si no has abierto una cuenta con nosotros, no hagas nada: sin este enlace nadie puede usar tu dirección.',
    ],
  },
  known: {
    subject: 'Ya tienes una cuenta',
    lines: [
      'Hola:',
      'alguien, quizá tú, ha querido abrir una cuenta con esta dirección de correo. Ya tiene una.',
      'Entra con ella, o elige una contraseña nueva si la has olvidado:',
      '{link}',
      'Si no has sido tú, no hagas nada: tu cuenta sigue como estaba.',
    ],
  },
  reset: {
    subject: 'Elige una contraseña nueva',
    lines: [
      'Hola:',
      'aquí puedes elegir una contraseña nueva. El enlace vale una vez, durante 30 minutos:',
      '{link}',
      'Si no lo has pedido, no hagas nada: tu contraseña sigue como está.',
    ],
  },
  change: {
    subject: 'Confirma tu nueva dirección de correo',
    lines: [
      'Hola, {name}:',
      'esta dirección pasa a ser la de tu cuenta si sigues este enlace en el plazo de una hora:',
      '{link}',
      'Si no lo has pedido, no hagas nada.',
    ],
  },
  changed: {
    subject: 'Tu cuenta ha cambiado',
    lines: [
      'Hola, {name}:',
      'se ha cambiado tu contraseña, tu dirección de correo o tu forma de entrar.',
      'Si no has sido tú, elige enseguida una contraseña nueva:',
      '{link}',
    ],
  },
  device: {
    subject: 'Se ha entrado desde un dispositivo nuevo',
    lines: [
      'Hola, {name}:',
      'alguien ha entrado en tu cuenta desde un dispositivo que no conocíamos.',
      'Si no has sido tú, elige una contraseña nueva; eso termina todas las sesiones:',
      '{link}',
    ],
  },
  invited: {
    subject: 'Te invitan a un equipo',
    lines: [
      'Hola:',
      'te invitan a trabajar con esta tienda. Sigue este enlace en el plazo de siete días para aceptar:',
      '{link}',
      'Si no sabes nada de esto, no hagas nada.',
    ],
  },
  yourData: {
    subject: 'Tus datos',
    lines: [
      'Hola:',
      'aquí puedes obtener una copia de lo que la tienda guarda con esta dirección, o hacer que se borre. El enlace vale una hora:',
      '{link}',
      'Si no lo has pedido, no hagas nada: sin este enlace no cambia nada.',
    ],
  },
}
