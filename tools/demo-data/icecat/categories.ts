import { words } from '../words.ts'
/** One rule: the words that decide (on the lower-case title and type), and the taxonomy node. */
export type CategoryRule = readonly [words: RegExp, path: string]

const cartridges = 'Toner & Inkjet Cartridges'
const parts = 'Printer, Copier & Fax Machine Replacement Parts'
const cases = 'Mobile Phone Cases'
const rackParts = 'Computer Racks & Mounts'

/**
 * Icecat's own category stands in most titles after the model ("... networking cable 2 m").
 * The first
 * rule that matches decides, so what is sold with or for a thing stands before the thing.
 */
export const icecatRules: readonly CategoryRule[] = [
  // Toys and games
  [/\b(baby annabell|baby born)\b.*\b(interactive|doll soft|emily|sophia|girl|boy)\b/, 'Dolls'],
  [/\bdoll\b|baby annabell|baby born/, 'Doll & Action Figure Accessories'],
  [/sylvanian families/, 'Dollhouse Accessories'],
  [/maze puzzle|brainteaser|perplexus/, 'Mechanical Puzzles'],
  [/jigsaw|contour puzzle|\bpuzzle\b|wasgij|falcon de luxe|\b\d{3,4} pieces\b/, 'Jigsaw Puzzles'],
  [/battling spinning top|beyblade/, 'Battle Tops'],
  [/board game|party game/, 'Board Games'],
  [/playing cards|card game/, 'Card Games'],
  [/modell?ing dough|play dough|kinetic sand|slime|soft clay/, 'Play Dough & Putty'],
  [/drone\b/, 'Flying Toys > Drones'],
  [/remote.controlled|\brc (car|truck|tank|boat)|monster jam.*remote/, 'Remote Control Toys'],
  [
    /action figure|collectible figure|toy figure|toy animals|bakugan|paw patrol/,
    'Action & Toy Figures',
  ],
  [/toy vehicle|toy car|toy truck|pull tractor|monster jam/, 'Play Vehicles'],
  [/stuffed|plush|soft toy/, 'Stuffed Animals'],
  [/l\.o\.l\.|lol surprise|na! na! na!|fashion doll/, 'Dolls'],
  [/ride-on|pedal|push tractor|balance bike/, 'Riding Toys'],
  [/playhouse/, 'Playhouses'],
  [/swing (seat|set)|playground/, 'Swing Sets & Playsets'],
  [/water table|sandbox/, 'Outdoor Play Equipment'],
  [/frisbee/, 'Flying Discs'],
  [/bath animal|bath toy/, 'Bath Toys'],
  [/aquabeads|bracelet.*kids|jewelry set|bead set/, 'Beading & Jewelry Making Kits'],
  [/colou?ring (picture|book|set|page)/, 'Coloring Books & Pads'],
  [
    /kids'? (craft|knitting|sewing)|craft kit|scratch cards|ses creative|crayola|art set/,
    'Art & Drawing Toys',
  ],
  [/\bcrayons?\b/, 'Crayons'],
  [/nail polish/, 'Nail Polishes'],
  [/spin master|giochi preziosi|\blena\b|bambolino|mga entertainment|zapf/, 'Toys & Games > Toys'],
  [/playstation 4 (basic|standard|video)|video game\b|xbox one.*game/, 'Video Game Software'],
  [/flight sim|joystick|steering wheel|racing wheel/, 'Joystick Controllers'],
  [/gaming control|game ?pad|dualshock|game controller|back button attachment/, 'Game Controllers'],
  [/game console|playstation (4|5|vita)\b.*(console|gb)/, 'Video Game Consoles'],

  // Services and software
  [
    words`
      warrant|care ?pack|carepaq|onsite|on-site|nbd\b|nextbus|hw supp|service pack|
      installation (service|only)|maintenance agreement|support extension|pick-?up ?& ?return|
      service plan|extended service|\bsvc\b|post warranty|servicio|renewal\b.*year|
      startup service|scheduled assembly|advantage.*plan|\bonsite\b`,
    'Extended Warranties',
  ],
  [/windows .*(oem|licen[cs]e)|operating system\b.*(software|media)/, 'Operating Systems'],
  [/e-icard|icard/, 'Network Software'],
  [/software license|licen[cs]e|software|\besd\b|subscription/, 'Computer Software'],

  // Printing: consumables and parts before the machines
  [
    /label-making tape|labell?ing tape|label tape|tze?-\w+|d1 tape|rhino.*(tape|vinyl|nylon)/,
    'Label Tapes & Refill Rolls',
  ],
  [/address labels?/, 'Address Labels'],
  [/shipping labels?/, 'Shipping Labels'],
  [/marking tags|strung|shipping tags|luggage tag/, 'Shipping Tags'],
  [
    words`
      label (printer|maker)|labelmanager|labelwriter (450|4xl|wireless|duo)|
      \brhino (4200|5200|6000)|p-touch (pt|h1|d\d)`,
    'Label Makers',
  ],
  [
    /\blabels?\b(?!.*cartridge)|etiketten|tab indexes|photo corner|mounting squares|stickers?\b/,
    'Labels & Tags',
  ],
  [/transparenc(y|ies)|overhead film/, 'Transparencies'],
  [
    /photographic paper|photo paper|fine art paper|baryta|luster|semigloss|photo rag/,
    'Photographic Paper',
  ],
  [/envelopes?$/, 'Envelopes'],
  [/thermal paper|receipt paper/, 'Receipt & Adding Machine Paper Rolls'],
  [
    words`
      printing paper|plotter paper|art paper|printable textile|printing film|large format media|
      \bbond paper|inkjet paper|coated paper|canvas-|proofing paper|matte paper|glossy paper|
      polypropylene|\bvinyl\b.*(roll|m\b)|backlit|paper roll|paper.*\b\d+ sheets|
      \bpaper\b.*(g\/m|gsm|a4|a3)`,
    'Printer & Copier Paper',
  ],
  [
    words`
      cleaning (kit|cartridge|container|cloth|wipes|swab|tape)|printhead clean|print head clean|
      cleansing kit`,
    'Printer, Copier & Fax Cleaning Kits',
  ],
  [
    words`
      maintenance kit|maintenance tank|printer kit|transfer kit|fuser kit|roller kit|filter kit|
      user maintenance|consumable kit`,
    'Printer Maintenance Kits',
  ],
  [
    words`
      \bfuser|fixing (unit|assembly)|printer belt|transfer (belt|unit|roller|roll)|printer roller|
      printer roller|transfer roll|feed(ing)? roller|developer|toner collector|waste toner|
      waste (container|box|bottle)|printer\/scanner spare|printer emulation|\brip\b|postscript|
      bar ?code.*(dimm|kit)|font card|printer (feed|upgrade)|staple cartridge|
      staples? (pack|refill)|staple\b`,
    parts,
  ],
  [/printhead|print head|head and printhead/, 'Printheads'],
  [
    /imaging unit|photoconductor|image drum|\bdrum\b|opc\b|photo conductor/,
    'Printer Drums & Drum Kits',
  ],
  [/printer ribbon|ribbon|ttr\b|fax (supply|ribbon|cartridge)|ttf\b/, 'Printer Ribbons'],
  [
    words`
      toner|ink ?cartridge|ink stick|solid ink|colorstix|singlepack|multipack|print cartridge|
      printing cartridge|ink tank|ink bottle|inkt?\b.*(ml|pack|cartridge)|ink pack|
      cartridge original|black cartridge|cyan cartridge|tri-?colou?r|
      \bink (black|cyan|magenta|yellow)|\bt\d{3,4}\b.*(ink|cyan|magenta|yellow|black)|
      cartridge.*(black|cyan|magenta|yellow)|(black|cyan|magenta|yellow|color) cartridge`,
    cartridges,
  ],
  [
    words`
      original.*\b(black|cyan|magenta|yellow|gr[ae]y|red|blue|green|orange|matte|photo|light|
      vivid|\d+ pc\(s\))`,
    cartridges,
  ],
  [/duplex(er)? unit|duplexer|duplex(ing)? (module|assembly|kit)/, 'Printer Duplexers'],
  [/printer memory/, 'Printer Memory'],
  [/printer (cabinet|stand)|cabinet\/stand|printer table|swivel cabinet/, 'Printer Stands'],
  [
    words`
      tray\/feeder|paper tray|sheet (tray|feeder|drawer)|output stacker|stacker|finisher|
      multi bin|mailbox|paper feed|document feeder|envelope feeder|cassette|roll holder|
      spindle.*designjet|designjet.*spindle|hole punch.*unit|paper cassette|lower tray|input tray|
      feeder unit`,
    parts,
  ],
  [/jetdirect|print server/, 'Print Servers'],
  [/scanner (accessor|adapter)|scan(ner)? (glass|lid|cleaning)/, 'Scanner Accessories'],
  [/bar ?code (reader|scanner)|scan ?pal|symbol.*scanner/, 'Barcode Scanners'],
  [/film scanner|slide scanner/, 'Film Scanners'],
  [/flatbed/, 'Flatbed Scanners'],
  [/sheet-?fed scanner|adf scanner|document scanner/, 'Sheetfed Scanners'],
  [/scanner|scanjet(?! .*adf)|\bscanning\b.*ppm/, 'Print, Copy, Scan & Fax > Scanners'],

  // Cables and what belongs to them
  [/projection screen/, 'Projection Screens'],
  [
    /projector lamp|projection lamp|lamp.*projector|replacement lamp/,
    'Projector Replacement Lamps',
  ],
  [
    words`
      project(ion|or)? (lens|mount|ceiling|holder)|
      projector (mount|ceiling|accessor|case|bag|lens)|project mount|projectors? (wall|shelf)`,
    'Projector Mounts',
  ],
  [/wireless presenter|presenter\b/, 'Wireless Presenters'],
  [/projector\b/, 'Multimedia Projectors'],
  [
    words`
      screen protector|invisibleshield|privacy (filter|screen)|glass shield|tempered glass|
      anti-glare`,
    'Electronics Films & Shields',
  ],
  [/cable (tie|ring)/, 'Wire & Cable Ties'],
  [/cable (clamp|clip|holder)/, 'Cable Clips'],
  [
    words`
      cable (tray|duct|ladder|partition|trough|manager|management|organi[sz]er|floor|cover|
      protector|sleeve|ring)|
      wire (raceway|loom)|raceway|wiremold`,
    'Cable Management',
  ],
  [/patch panel|keystone|punch.?down block/, 'Patch Panels'],
  [
    words`
      cable lock|laptop lock|notebook lock|microsaver|clicksafe|combination lock|
      security (cable|lock)`,
    'Computer Accessories',
  ],
  [/kvm (cable|switch cable)|cable kit.*kvm|kvm.*\bcable\b(?!.*switch)/, 'KVM Cables'],
  [/kvm|avocent|console (extender|transmitter)|autoview|switchview/, 'KVM Switches'],
  [/fib(re|er)|multi-?mode|single-?mode|lc\/lc|lc\/sc|sc\/sc|lc\/st/, 'Network Cables'],
  [/media converter/, 'Repeaters & Transceivers'],
  [
    words`
      patch ?cord|patch ?cable|networking cable|ethernet cable|
      \bcat ?(5e?|6a?|7)\b.*(cable|utp|stp|m\b|ft)|network cable|utp.*cable|crossover cable|
      rj-?45.*cable`,
    'Ethernet Cables',
  ],
  [/coax(ial)? cable|rg-?(6|58|59)|antenna cable|f-type.*cable/, 'Coaxial Cables'],
  [/telephone cable|phone cable|rj-?11|flat telephone/, 'Telephone Cables'],
  [/hdmi.*(splitter|switch)|(splitter|switch).*hdmi/, 'HDMI Splitters & Switches'],
  [/dvi.*(splitter|switch)/, 'DVI Splitters & Switches'],
  [/(vga|video|svga).*(splitter|switch)|video splitter/, 'VGA Splitters & Switches'],
  [
    words`
      video (extender|receiver|transmitter)|av (transmitter|receiver|extender|repeater)|
      extender.*(hdmi|vga|dvi|cat)|(hdmi|dvi|vga|displayport).*extender|console extender|
      signal (booster|extender)`,
    'Video Transmitters',
  ],
  [
    /network (splitter|repeater|transmitter)|poe (injector|splitter)|power over ethernet|midspan/,
    'Power Over Ethernet Adapters',
  ],
  [/hdmi cable|hdmi.*(hdmi|m\/m|cable)/, 'HDMI Cables'],
  [
    /vga( \(d-sub\))? cable|monitor (extension )?cable|hd-?15|vga cable|d-sub.*cable|svga/,
    'VGA Cables',
  ],
  [
    words`
      dvi cable|displayport cable|dvi-?[di].*cable|displayport.*(cable|m\/m)|composite video|
      component \(ypbpr\)|s-video|rca|audio cable|y-cable|3\.5 ?mm.*(cable|m\/m|m\/f)|toslink|
      scart|video cable|audio\/video cable|speaker (wire|cable)|camera cable|xlr|av cable|
      microphone cable|audio extension`,
    'Audio & Video Cables',
  ],
  [/usb (hub)|interface hub|\bhub\b(?! printable)/, 'USB & FireWire Hubs'],
  [/firewire cable|ieee.?1394.*cable|firewire.*(m\/m|cable)/, 'FireWire Cables'],
  [/usb cable|usb.*\bcable\b|lightning.*cable/, 'USB Cables'],
  [
    words`
      sata cable|serial attached scsi|sas cable|scsi cable|ide cable|esata cable|parallel cable|
      serial cable|printer cable|ps\/2 cable|null modem|db-?\d+.*(m|f|cable)|centronics|
      infiniband|storage.*cable|ribbon cable|floppy cable|data cable|rs-?232.*cable|modem cable|
      signal cable|flat cable`,
    'Storage & Data Transfer Cables',
  ],
  [
    words`
      power extension|extension cord|power strip|surge|ac outlet\(s\)|outlets?\b|power block|
      powercube`,
    'Power Strips & Surge Suppressors',
  ],
  [
    words`
      power (cable|cord)|computer power cord|\bc(13|14|19|20)\b|awg.*cord|internal power|molex|
      lp4|sata power|power splitter`,
    'System & Power Cables',
  ],
  [
    words`
      cable (interface|gender)|gender (changer|adapter)|coupler|
      adapter.*(dvi|vga|hdmi|displayport)|(dvi|vga|hdmi|displayport|usb-c).*(adapter|converter)|
      video (adapter|converter)|cable adapter|m\/f adapter|wire connector|connector\b|wall plate|
      jack\b`,
    'Audio & Video Cable Adapters & Couplers',
  ],
  [
    /usb (to|adapter).*(serial|ethernet|parallel|sata|ide)|usb graphics|external video adapter/,
    'USB Adapters',
  ],

  // Power and racks
  [
    words`
      ups battery|replacement battery cartridge|\brbc\d*|
      battery (cartridge|cabinet|pack|module).*(ups|symmetra|smart)|
      battery (pack|cabinet|module|unit|frame).*(apc|liebert|eaton|tripp)|symmetra.*battery|
      smartcell|sealed lead acid`,
    'UPS Batteries',
  ],
  [
    words`
      ups\).*accessor|ups accessor|uninterruptible power supply \(ups\) accessory|
      network management card|network card for ups|bypass (switch|panel)|maintenance bypass|
      ups.*(rack|rail|mount) kit|transfer switch`,
    'UPS Accessories',
  ],
  [
    /uninterruptible|\bups\b|back-ups|smart-ups|symmetra|smartpro|smartonline|liebert (gxt|psi)/,
    'Power > UPS',
  ],
  [/power distribution|\bpdus?\b|busway|transformer|isolation/, 'Power Control Units'],
  [
    words`
      rack (cabinet|enclosure)|freestanding rack|wall ?mount(ed)? rack|open frame|netshelter|
      \b\d+u\b.*(rack|cabinet|enclosure|server)|
      rack (accessory|shelf|mount|rail|panel|kit|frame|console|case)|cable management panel|
      blank(ing)? panel|infrastruxure|rack\b|server rack|netshelter.*roof|castor|stabili[sz]|
      network equipment chassis|air distribution|containment|2-post|4-post|smartrack`,
    rackParts,
  ],
  [
    words`
      netbotz|temperature transmitter|leak sensor|smoke sensor|motion sensor|environmental|
      door (sensor|switch)|sensor (pod|hub)|beacon`,
    'Security System Sensors',
  ],
  [
    words`
      inverter|power adapter|ac adapter|car charger|travel charger|charger\b(?!.*battery)|
      power supply adapter`,
    'Power Adapters & Chargers',
  ],
  [/power supply|\bpsu\b|power module|power unit/, 'Computer Power Supplies'],
  [/battery charger/, 'General Purpose Battery Chargers'],
  [/power ?bank|portable power pack/, 'Power Banks'],
  [
    /camera.*battery|camcorder.*battery|battery.*(camera|camcorder)|np-\w+|\bnb-\d\w|bp-\d/,
    'Camera Batteries',
  ],
  [
    words`
      notebook spare part|laptop battery|notebook battery|
      battery.*(notebook|laptop|latitude|thinkpad|inspiron|elitebook|probook|pavilion|aspire)|
      \d-?cell|thinkpad battery|primary battery`,
    'Laptop Batteries',
  ],
  [
    words`
      household battery|single-use battery|rechargeable battery|alkaline|\bcr\d{4}|\blr\d+|
      lithium.*battery|\baaa?\b|batter(y|ies)\b`,
    'General Purpose Batteries',
  ],

  // Bags, cases, mounts
  [/backpack/, 'Laptop Backpacks'],
  [
    words`
      notebook case|laptop (case|sleeve|bag)|messenger case|briefcase|topload|sleeve case|
      notebook (bag|sleeve)`,
    'Laptop Bags',
  ],
  [/camera (case|bag)|camcorder case/, 'Camera Bags & Cases'],
  [
    words`
      mobile phone case|phone case|mobile device case|iphone.*(case|cover|shell)|silicone case|
      handheld device.*case|holster`,
    cases,
  ],
  [
    /tablet case|ipad.*(case|folio|cover)|folio|tablet (cover|security)/,
    'Handheld Device Accessories',
  ],
  [/mp3.*case|slim(shell|sleeve)|armband/, 'MP3 Player Cases'],
  [
    words`
      equipment case|media case|cd (wallet|case)|dvd case|disc case|optical disc (case|storage)|
      media storage`,
    'CD/DVD Cases & Organizers',
  ],
  [
    words`
      flat (panel|screen)|tv mount|monitor (arm|mount|stand|riser)|wall mount|ceiling mount|vesa|
      desk (mount|clamp)|lcd arm|display (mount|stand)|mounting kit|floor stand|
      multimedia (cart|stand)|av cart|cpu holder|pole clamp|pole\b|chief \w+`,
    'TV & Monitor Mounts',
  ],
  [/tv stand|tv furniture/, 'Entertainment Centers & TV Stands'],
  [/dock|port replicator/, 'Laptop Docking Stations'],
  [
    /(notebook|laptop) (stand|cooling|riser)|cooling pad|computer (stand|riser)/,
    'Computer Risers & Stands',
  ],
  [/wrist rest/, 'Keyboard & Mouse Wrist Rests'],
  [/mouse ?pad|mousepad/, 'Mouse Pads'],
  [/foot ?rest|back ?rest|lumbar/, 'Office Furniture Accessories'],
  [/document holder|copy ?holder/, 'Office Equipment'],
  [/stylus|digital pen/, 'Stylus Pens'],
  [/keyboard (cover|protector)/, 'Keyboard Protectors'],
  [/numeric keypad/, 'Numeric Keypads'],
  [/keyboard/, 'Keyboards'],
  [/\bmouse\b|\bmice\b/, 'Mice & Trackballs'],
  [/graphic(s)? tablet|pen tablet/, 'Graphics Tablets'],
  [/touch ?pad/, 'Touchpads'],
  [/memory card reader|card reader/, 'Memory Card Readers'],
  [/smart ?card|fingerprint reader/, 'Electronic Card Readers'],
]
