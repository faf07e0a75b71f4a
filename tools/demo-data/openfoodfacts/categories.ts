import { words } from '../words.ts'
/**
 * On the source's tags first, then on the name (French, Spanish, English, German): the first
 * match decides.
 */
export const foodRules: readonly (readonly [words: RegExp, path: string])[] = [
  [
    words`
      kombucha|iced-tea|\bteas?\b|(^|[^a-z])thés?([^a-z]|$)|infusion|tisane|minze|\bchai\b|tee\b|
      herbal-tea|rooibos|\bmate?\b`,
    'Beverages > Tea & Infusions',
  ],
  [/coffee|caf[ée]|solubile|cappuccino|espresso|cold brew|coldbrew/, 'Beverages > Coffee'],
  [/almond-milk|nut-milk|almond ?(milk|breeze)|noisette.*boisson/, 'Non-Dairy Milk > Nut Drinks'],
  [
    /plant-milk|milk-substitute|boisson (au )?(soja|riz|avoine)|lait d'/,
    'Beverages > Non-Dairy Milk',
  ],
  [/coconut.?water|eau de coco|agua de coco/, 'Fruit Flavored Drinks'],
  [
    /energy.?drink|boisson-sport|isoton|monster energy|red bull|\benergy\b|sport\b/,
    'Sports & Energy Drinks',
  ],
  [/non-alcoholic-beer|sin alcohol|0[.,]0|ohne alkohol/, 'Low Alcohol & Alcohol-Free Beer'],
  [/\bbeers?\b|bi[èe]re|cerveza|birra|stout|pilsner|staropramen/, 'Alcoholic Beverages > Beer'],
  [/liqueur|vodka|whisk|\bgin\b|\brhum\b|pastis/, 'Alcoholic Beverages > Liquor & Spirits'],
  [/\bwines?\b(?!.vinegar)|\bvins?\b(?!aig)|\bvino\b/, 'Alcoholic Beverages > Wine'],
  [/vinegar|vinaigre(?!tte)|vinagre|essig/, 'Cooking & Baking Ingredients > Vinegar'],
  [/syrup|sirop|sirope|concentré|grenadine/, 'Cordials, Syrups & Squash'],
  [/chewing|bubble ?gum/, 'Candy & Chocolate > Candy'],
  [
    /jus de choucroute|sauerkrautsaft|pur jus|jus tomate|jus de/,
    'Beverages > Juices, Milkshakes & Smoothies',
  ],
  [/sans alcool|alcohol.?free/, 'Low Alcohol & Alcohol-Free Beer'],
  [/dressing/, 'Condiments & Sauces > Salad Dressing'],
  [/ketchup/, 'Condiments & Sauces > Ketchup'],
  [/mustard|moutarde|mostaza/, 'Condiments & Sauces > Mustard'],
  [/soy.sauce|sauce soja|salsa de soja|tamari/, 'Condiments & Sauces > Soy Sauce'],
  [/vinaigrette|salad dressing|assaisonnement/, 'Condiments & Sauces > Salad Dressing'],
  [/\bsalsa\b|guacamole/, 'Dips & Spreads > Salsa'],
  [
    /bouillon|broth|\bsoups?\b|soupe|potage|sopa|velout[ée]|miso|gazpacho|consomm/,
    'Soups & Broths',
  ],
  [
    words`
      gherkin|pickle|cornichon|pepinillo|lactoferment|kiszon|relish|sauerkraut|choucroute|chucrut|
      gurken|kumarice|encurtido`,
    'Pickled Fruits & Vegetables',
  ],
  [/olives?\b|aceituna|capers|c[âa]pres|alcaparra/, 'Condiments & Sauces > Olives & Capers'],
  [/sauces?\b|ketjap|barbecue/, 'Condiments & Sauces'],
  [/honey|\bmiel\b/, 'Condiments & Sauces > Honey'],
  [/\bjams?\b|confiture|mermelada|marmalade|fruit-preserve/, 'Dips & Spreads > Jams & Jellies'],
  [/compote|applesauce|applesauces/, 'Fruits & Vegetables > Fruit Sauces'],
  [
    /juice|nectar|\bjus\b|\bzumo|lemonade|limon exprimido|\bsaft\b|smoothie/,
    'Beverages > Juices, Milkshakes & Smoothies',
  ],
  [
    /soda|cola\b|tonic|limonade|sparkling|seltzer|carbonated|cedrata|ginger (beer|ale)/,
    'Beverages > Soda',
  ],
  [
    /flavou?red-water|eau .*aromatis|vittel|volvic|evian|perrier|infus[ée]e?\b/,
    'Fruit Flavored Drinks',
  ],
  [/\bwaters?\b|\beaux?\b|\bagua\b/, 'Beverages > Water'],
  [/dairy-drink|\bmilks?\b|leche|lait\b/, 'Beverages > Milk'],
  [/yogurt|yaourt|skyr/, 'Dairy Products > Yogurt'],
  [/cheese|fromage|queso/, 'Dairy Products > Cheese'],
  [
    /konjac|shirataki|noodle|nouille|pasta|p[âa]tes|fusilli|spaghetti|conchiglie|macaroni|linguine/,
    'Pasta & Noodles',
  ],
  [/\brice\b|\briz\b|arroz/, 'Grains, Rice & Cereal > Rice'],
  [/quinoa/, 'Grains, Rice & Cereal > Quinoa'],
  [/cornmeal|flour|farine|harina/, 'Cooking & Baking Ingredients > Flour'],
  [
    /\bham\b|hams|jambon|jam[oó]n|saucisson|sausage|saucisse|prepared-meat|chorizo/,
    'Lunch & Deli Meats',
  ],
  [
    /chicken|poulet|pollo|meats?\b|viande|b(oe|œ)uf|veau|turkey|poultr/,
    'Meat > Fresh & Frozen Meats',
  ],
  [
    /caviar|crawfish|shrimp|crevette|thon\b|tuna|anchoa|seafood|poisson|salmon|saumon/,
    'Meat, Seafood & Eggs > Seafood',
  ],
  [/chocolat|cacao/, 'Candy & Chocolate > Chocolate'],
  [/chewing.?gum|cand(y|ies)|bonbon|confectioner|caramel/, 'Candy & Chocolate > Candy'],
  [/cookies?\b|biscuit|g[âa]teau|cakes?\b|galleta/, 'Food Items > Bakery'],
  [/cracker/, 'Snack Foods > Crackers'],
  [/popcorn|kettle corn/, 'Snack Foods > Popcorn'],
  [/chips\b|crisps/, 'Snack Foods > Chips'],
  [/jell?y|gelatin|gel[ée]e|pudding|dessert|gelatina/, 'Pudding & Gelatin Snacks'],
  [/sugar\b|sucre\b|sweetener|[ée]dulcorant|stevia|azucar/, 'Sugar & Sweeteners'],
  [
    /spices?\b|\bsel\b|salts?\b|poivre\b|herbes|[ée]pice|ar[ôo]me|curcuma|seasonn?ing|sasonn?ing/,
    'Food Items > Seasonings & Spices',
  ],
  [
    /mushroom|champignon|shiitake|c[èe]pes|setas|girolle|pleurote|rovell/,
    'Fresh & Frozen Vegetables > Mushrooms',
  ],
  [
    words`
      canned-vegetable|canned-(green|common|flat)|canned-asparagus|artichoke-heart|hearts-of-palm|
      c(oe|œ)urs? de palmier|en conserve|au naturel|bamboo|bambou`,
    'Canned & Jarred Vegetables',
  ],
  [/asparagus|asperge|spargel|esp[áaà]rr(ago|ec)/, 'Fresh & Frozen Vegetables > Asparagus'],
  [/artichaut|artichoke|alcachofa/, 'Fresh & Frozen Vegetables > Artichokes'],
  [/celery|c[ée]leri|apio/, 'Fresh & Frozen Vegetables > Celery'],
  [/tomat/, 'Fresh & Frozen Vegetables > Tomatoes'],
  [/concombre|cucumber|pepino/, 'Fresh & Frozen Vegetables > Cucumbers'],
  [/haricots?|green-bean|jud[ií]as|beans?\b/, 'Fresh & Frozen Vegetables > Beans'],
  [/petits pois|\bpeas\b|guisantes/, 'Fresh & Frozen Vegetables > Peas'],
  [/radis/, 'Fresh & Frozen Vegetables > Radishes'],
  [
    /piment|pepper|poivron|pimiento|chiles?\b|pepperoncini|jalape/,
    'Fresh & Frozen Vegetables > Peppers',
  ],
  [
    words`
      salad|salade|laitue|lettuce|lechuga|roquette|rocket|arugula|m[âa]che|mesclun|batavia|
      feuille|leaf-veg|brotes|greens\b|canonigos|[ée]pinard|spinach|endive|frisée|r[úu]cula|
      ensalada|acelga`,
    'Fresh & Frozen Vegetables > Greens',
  ],
  [/algue|seaweed|algas|wakame|nori|salicorne/, 'Fresh & Frozen Vegetables'],
  [/potato|pomme de terre/, 'Fresh & Frozen Vegetables > Potatoes'],
  [
    words`
      vegetable|l[ée]gume|courgette|carott?e|broc+oli|chou\b|onion|oignon|verdura|aubergine|
      cardon|garlic|\bail\b|fenouil|betterave`,
    'Fresh & Frozen Vegetables',
  ],
  [/fruits?\b|banana|citrus|cl[ée]mentine|fraise|melon|mangue/, 'Food Items > Fruits & Vegetables'],
  [/nuts?\b|peanut|amande|noix|graines|seeds?\b|sesame/, 'Food Items > Nuts & Seeds'],
  [
    /supplement|vitamin|prot[ée]in|ginseng|ac[ée]rola|collagen|articulaciones/,
    'Fitness & Nutrition > Vitamins & Supplements',
  ],
  [
    /drink|beverage|boisson|bebida|limon|lemon|peach|p[êe]che|detox|zero|refresc/,
    'Food, Beverages & Tobacco > Beverages',
  ],
  [/meal|plat\b|cr[ée]pe|quiche|tortilla|pizza|lasagn/, 'Prepared Meals & Entrées'],
]
