import { words } from '../words.ts'
import type { CategoryRule } from './categories.ts'

/** The rules that follow: machines, components, household. */
export const icecatMachineRules: readonly CategoryRule[] = [
  // Computer parts
  [
    words`
      processor .*ghz|xeon .*processor|processor\b(?!.*(notebook|server|workstation|pc\b))|
      \bcpu\b(?!.*cool)`,
    'Computer Processors',
  ],
  [/motherboard|desktop board|server board|mainboard/, 'Motherboards'],
  [/graphics card|video card|geforce.*gddr|quadro.*gb|firepro/, 'Video Cards & Adapters'],
  [/sound card|audio card/, 'Audio Cards & Adapters'],
  [/tv tuner/, 'TV Tuner Cards & Adapters'],
  [
    words`
      networking card|network (card|adapter)|wi-?fi adapter|wireless adapter|nic\b|
      ethernet adapter|lan adapter|wlan.*(usb|adapter)`,
    'Network Cards & Adapters',
  ],
  [
    words`
      raid controller|interface cards|adapter card|host bus|\bhba\b|expresscard|
      pci.*(card|adapter)|slot expander|i\/o module|scsi controller|storage controller|
      disk controller`,
    'Computer Interface Cards & Adapters',
  ],
  [/riser/, 'Riser Cards'],
  [
    /flash memory|memory card|compact ?flash|\bsdhc|\bsdxc|microsd|memory stick|\bsd card/,
    'Flash Memory Cards',
  ],
  [/usb flash|flash drive|usb stick|datatraveler|store 'n' go/, 'USB Flash Drives'],
  [
    words`
      memory module|ddr\d?\b.*(mhz|dimm|ecc|pc\d)|\bdimm\b|sodimm|sdram|valueram|\bdram\b|
      mb memory|gb memory`,
    'RAM',
  ],
  [/tape drive|autoloader|ultrium.*(drive|internal|external)|\bdat\d+.*drive/, 'Tape Drives'],
  [
    words`
      data cartridge|blank data tape|lto|dat cartridge|\bblank\b|cd-r|dvd[-+]r|bd-r|
      optical disc\b(?! drive)|video cassette|mini ?dv|floppy disk|diskette|700 mb|4\.7 gb|
      media spindle|magneto`,
    'Blank Media',
  ],
  [
    words`
      optical (disc )?drive|dvd.*(writer|burner|drive)|cd-?rom drive|
      blu-?ray.*(writer|drive|burner)|lightscribe`,
    'Optical Drives',
  ],
  [
    words`
      enclosure.*(hdd|ssd|drive|sata)|(drive|hdd|ssd|sata).*enclosure|
      drive (bay|caddy|tray|mount|bracket|adapter)|hdd.*caddy|hd kit.*caddy|mobile rack|
      removable drive|hot.?swap|storage drive`,
    'Hard Drive Enclosures & Mounts',
  ],
  [
    words`
      \bnas\b|storage server|network storage|diskstation|readynas|disk array|
      storage (array|system)|multi-?bay`,
    'Network Storage Systems',
  ],
  [
    words`
      hard (disk|drive)|\bhdd\b(?!.*(notebook|ddr|windows))|
      \bssd\b(?!.*(notebook|ddr|windows|pc\b|wi-fi))|solid state|rpm|spinpoint|internal hard|
      external hard|sata hd|gb (sas|sata)`,
    'Hard Drives',
  ],
  [/server barebone|barebone/, 'Barebone Computers'],
  [
    words`
      heat ?sink|cooler|cooling|case fan|cpu fan|\bfan\b(?!.*(household|desk fan|tower fan))|
      thermal (paste|grease|compound)|radiator|water block`,
    'Computer System Cooling Parts',
  ],
  [
    words`
      computer case|midi tower|chassis|bezel|pc case|full tower|slot cover|security cover|
      drive cage|backplane`,
    'Desktop Computer & Server Cases',
  ],

  // Network
  [/transceiver|\bsfp\b|gbic|\bxfp\b/, 'Repeaters & Transceivers'],
  [/antenna/, 'Electronics Accessories > Antennas'],
  [/access point|wireless bridge/, 'Wireless Access Points'],
  [
    /wireless router|wi-?fi router|wireless.*router|router.*(wireless|wi-?fi)|mesh/,
    'Wireless Routers',
  ],
  [/wired router|router|gateway/, 'Bridges & Routers'],
  [/unmanaged/, 'Unmanaged Switches'],
  [
    /managed|network switch|switch component|switch module|\bswitch\b.*(port|gigabit|ethernet)/,
    'Hubs & Switches',
  ],
  [/firewall|security appliance|zywall|security access/, 'Network Security & Firewall Devices'],
  [/modem/, 'Modems'],
  [/powerline/, 'Network Bridges'],
  [
    words`
      network analy[sz]er|cable tester|poe tester|tester\b|crimp|punch.?down|stripper|screwdriver|
      tool\b`,
    'Hardware > Tools',
  ],

  // Phones, cameras, audio, video
  [/smartwatch|smart watch|activity tracker|fitness band/, 'Smart Watches'],
  [
    /smartphone|mobile phone|dual sim|single sim|galaxy (a|s|note|j)\d|moto g|\bxperia\b|neotouch/,
    'Mobile & Smart Phones',
  ],
  [/conference phone|speakerphone|audio conferenc/, 'Conference Phones'],
  [/video conferenc/, 'Video Conferencing'],
  [/dect|cordless phone/, 'Cordless Phones'],
  [/ip phone|corded|analog(ue)? telephone|telephone\b/, 'Corded Phones'],
  [/handheld mobile computer|\bpda\b|ipaq/, 'PDAs'],
  [/two-way radio|walkie/, 'Two-Way Radios'],
  [/e-?book reader|e-reader/, 'E-Book Readers'],
  [/\btablet\b|galaxy tab|ipad|iconia|transformer pad/, 'Tablet Computers'],
  [/webcam/, 'Webcams'],
  [
    /security camera|ip camera|surveillance|cctv|sensor camera|bullet|dome\b/,
    'Surveillance Cameras',
  ],
  [/baby (monitor|video)/, 'Baby Monitors'],
  [/lens cap/, 'Lens Caps'],
  [/lens hood/, 'Lens Hoods'],
  [/camera filter|lens filter|polari[sz]/, 'Lens Filters'],
  [/dioptric|eyecup|viewfinder/, 'Camera Sun Hoods & Viewfinder Attachments'],
  [
    /camera lens adapter|extender ef|teleconverter|lens (converter|adapter)/,
    'Camera Lens Accessories',
  ],
  [
    /camera lens|slr (telephoto|wide|standard|macro|black)|usm\b|telephoto|ef-?s? \d/,
    'Camera Lenses',
  ],
  [/camera flash|speedlite|flash (bracket|diffuser)|camcorder flash/, 'Camera Flashes'],
  [/underwater/, 'Underwater Camera Housings'],
  [/tripod|monopod/, 'Tripods & Monopods'],
  [/binocular/, 'Binoculars'],
  [/camcorder|video camera/, 'Camcorders'],
  [
    words`
      camera kit|compact camera|digital camera|slr camera|powershot|ixus|coolpix|\beos\b|
      \bkids.*camera|cyber-?shot`,
    'Digital Cameras',
  ],
  [/camera|photo mount|photo corner/, 'Camera Parts & Accessories'],
  [/digital photo frame|photo frame|picture frame/, 'Picture Frames'],
  [/headset|headphones\/headset/, 'Headsets'],
  [/in-?ear|earphone|earbud/, 'In-Ear Headphones'],
  [/headphone|head-band/, 'Headphones'],
  [/microphone/, 'Audio Components > Microphones'],
  [/sound ?bar|speaker|subwoofer/, 'Audio Components > Speakers'],
  [
    /mp3|mp4|gogear|ipod|walkman|cd player|voice record|dictaphone|digital recorder/,
    'Handheld Players & Recorders',
  ],
  [/radio/, 'Radios'],
  [/home audio|micro system|mini system|hi-?fi system|stereo system/, 'Stereo Systems'],
  [/home (cinema|theat)/, 'Home Theater Systems'],
  [/av receiver|amplifier|tuner\b/, 'Audio & Video Receivers'],
  [/dvd\/blu-ray|dvd player|blu-?ray player|portable dvd/, 'DVD & Blu-ray Players'],
  [
    /media (player|receiver|streamer)|chromecast|smart tv box|set-?top/,
    'Streaming & Home Media Players',
  ],
  [/turntable/, 'Turntables & Record Players'],
  [/remote control/, 'Remote Controls'],
  [/clock/, 'Alarm Clocks'],
  [/video (server|encoder|wall|matrix|capture)|encoder/, 'Video Servers'],
  [/car (media|audio|stereo)|car light|bulb.*car|\bh[147]\b.*halogen/, 'Motor Vehicle Parts'],
  [/navigat|\bgps\b|tomtom/, 'GPS Navigation Systems'],
  [/\btv\b|television|flat tv|lcd tv|oled|hotel tv/, 'Televisions'],
  [/signage|video wall/, 'Digital Signs'],

  // Printers, then computers
  [/3d printer/, '3D Printers'],
  [
    words`
      multifunction|laser printer|inkjet printer|photo printer|large format printer|dot matrix|
      label printer|pos printer|printer\b|laserjet|deskjet|officejet|photosmart|designjet|
      workcentre|phaser \d{4}|stylus (photo|pro|color)|\bmfp\b|\bmfc-|copier|imagerunner|bizhub|
      fax machine|\bppm\b|\d+ x \d+ dpi`,
    'Printers, Copiers & Fax Machines',
  ],
  [/thin client/, 'Thin Client Computers'],
  [/poweredge|proliant|primergy|\bserver\b(?!.*(rack|switch))/, 'Computer Servers'],
  [
    words`
      notebook|netbook|laptop|chromebook|ultrabook|elitebook|probook|thinkpad|ideapad|
      hybrid \(2-in-1\)|macbook|mobile workstation|travelmate|latitude`,
    'Laptops',
  ],
  [
    words`
      workstation|desktop|minitower|\bpc\b|all-in-one|mini ?pc|nettop|optiplex|form factor|
      ideacentre|pavilion|thinkcentre|esprimo`,
    'Desktop Computers',
  ],
  [
    /monitor|\blcd\b.*(inch|cm|")|led display|computer display|\bdisplay\b.*cd\/m/,
    'Computer Monitors',
  ],

  // Office
  [/calculator/, 'Calculators'],
  [/laminat(or|ing machine)/, 'Laminators'],
  [/laminating|adhesive cover|lamination/, 'Laminating Film, Pouches & Sheets'],
  [/shredder/, 'Office Shredders'],
  [/hole punch/, 'Hole Punches'],
  [/stapler/, 'Staplers'],
  [/paper cutter|trimmer.*paper|guillotine/, 'Paper Handling'],
  [/ring binder|binder\b|lever arch/, 'Binders'],
  [/divider|tab index|\bindex\b/, 'Index Dividers'],
  [/folder|suspension file|document (wallet|box)|pocket/, 'File Folders'],
  [
    words`
      storage (box|tray|page)|desk (organi[sz]er|tray)|letter tray|drawer (unit|cabinet)|
      pen holder|negative storage`,
    'Desk Organizers',
  ],
  [/white ?board|dry.?erase/, 'Dry-Erase Boards'],
  [/paper\b|sheets\b/, 'Paper Products'],
  [/greeting card/, 'Greeting & Note Cards'],
  [/adhesive tape|\btape\b/, 'Office Tape'],

  // Household and care
  [/toothbrush|sonicare|oral-?b/, 'Oral Care > Toothbrushes'],
  [
    /shaver accessor|shav(ing|er) head|replacement head|cleaning cartridge/,
    'Electric Razor Accessories',
  ],
  [/shaver|electric razor/, 'Electric Razors'],
  [/hair ?clipper|beard trimmer|trimmer|groom/, 'Hair Clippers & Trimmers'],
  [/epilator|silk-?[eé]pil|satinelle|\bipl\b|lumea/, 'Hair Removal'],
  [
    words`
      hair ?dryer|curling|straighten|hot air brush|hair (styler|stylers)|crimper|airstyler|
      multistyler`,
    'Hair Styling Tools',
  ],
  [/coffee|espresso|senseo|nespresso|saeco/, 'Coffee Makers & Espresso Machines'],
  [/kettle/, 'Electric Kettles'],
  [/toaster/, 'Toasters & Grills'],
  [/blender|mixer|food processor|chopper|juicer|kitchen machine/, 'Food Mixers & Blenders'],
  [/deep fryer|airfryer|air fryer/, 'Deep Fryers'],
  [/kitchen scale/, 'Kitchen Tools & Utensils'],
  [/grinder|grater/, 'Kitchen Tools & Utensils'],
  [/ice cream/, 'Ice Cream Makers'],
  [/grill|raclette|waffle|contact grill|gourmette/, 'Electric Griddles & Grills'],
  [/rice cooker|steamer\b(?!.*garment)|slow cooker|multi cooker/, 'Food Cookers & Steamers'],
  [/garment steamer/, 'Garment Steamers'],
  [/\biron\b|steam iron|ironing/, 'Irons & Ironing Systems'],
  [/vacuum|handheld vacuum/, 'Vacuums'],
  [/fridge|refrigerator/, 'Refrigerator Accessories'],
  [/freezer/, 'Freezers'],
  [/washing machine|washer/, 'Washing Machines'],
  [/tumble dryer|dryer\b/, 'Laundry Appliances > Dryers'],
  [/dishwasher/, 'Dishwashers'],
  [/cooker|oven|hob\b/, 'Kitchen Appliances > Ovens'],
  [/water filter|brita|filter jug/, 'Water Filters'],
  [/scale\b/, 'Body Weight Scales'],
  [/heater/, 'Space Heaters'],
  [/humidif/, 'Humidifiers'],
  [/air purif|purifier/, 'Air Purifiers'],
  [/household (blade )?fan|desk fan/, 'Climate Control Appliances > Fans'],
  [/light therapy|wake-?up light/, 'Light Therapy Lamps'],
  [/halogen bulb|led bulb|light bulb|lamp\b|lighting|spotlight|\bbulb\b/, 'Lighting > Light Bulbs'],
  [/soother|bottle warmer|breast pump|sterilizer|avent|diaper|bottle\b/, 'Nursing & Feeding'],
  [/massag/, 'Massagers'],
  [/thermometer/, 'Medical Thermometers'],
  [/blood pressure/, 'Blood Pressure Monitors'],
]
