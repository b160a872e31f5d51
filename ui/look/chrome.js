// Streamlit's own English strings in Chinese: it has no setting for them. What stays on the page when the reader turns to
// English (such as the skip link) gets its own words back.
(() => {
  const WORDS = {
    'Upload': '选择文件', 'Browse files': '选择文件', 'Drag and drop file here': '把文件拖到这里', 'Press Enter to apply': '按回车确认',
    'Press Enter to submit form': '按回车提交', 'CONNECTING': '正在连接…', 'Connecting': '正在连接…', 'Connection error': '连接已断开',
    'Page not found': '找不到页面', 'This field is required.': '此项必填。', '(required)': '（必填）', 'Choose an option': '请选择',
    'Choose options': '请选择', 'No results': '没有结果', 'No options to select': '没有可选项', 'Skip to main content': '跳到正文',
    'RUNNING...': '处理中…', 'Rerun': '刷新', 'Print': '打印', 'Settings': '设置', 'Select all': '全选', 'Close': '关闭', 'Clear all': '全部清除',
    'Show password text': '显示密码', 'Hide password text': '隐藏密码', 'Open sidebar': '打开菜单', 'Close sidebar': '收起菜单',
    'Open menu': '打开菜单', 'Collapse sidebar': '收起菜单', 'Navigate to home page': '回到首页', 'Open': '展开', 'Choose date range': '选日期', 'Choose date': '选日期',
    'The page that you have requested does not seem to exist. Running the app\'s main page.': '您要的页面不存在，已打开首页。',
    'Fullscreen': '放大', 'Close fullscreen': '还原', 'Exit fullscreen': '还原', 'Search': '查找', 'Download as CSV': '下载 CSV',
    'You do not have access to this page': '您没有权限打开这一页',
    'Streamlit server is not responding. Are you connected to the internet?': '连不上服务器。已保存的都在，网络恢复后会自动重连。',
  };
  const PATTERNS = [
    [/^(\d+)MB per file(.*)$/, '每个文件不超过 $1MB$2'],
    [/^Help for (.+)$/, '说明：$1'], [/^(.+) start date$/, '$1，从'], [/^(.+) end date$/, '$1，到'],
    [/^year, (.+)$/, '年，$1'], [/^month, (.+)$/, '月，$1'], [/^day, (.+)$/, '日，$1'],
    [/^Limit (\d+)MB per file(.*)$/, '每个文件不超过 $1MB$2'],
    [/^Error: Number is outside the allowed range\. Please enter a value between (.+) and (.+)\.$/, '数字超出范围，请填 $1 到 $2 之间的数。'],
    [/^Connection failed with status (\d+)\.?$/, '服务暂时连不上（$1），正在自动重连，您填的内容不会丢。'],
  ];
  const chinese = (text) => {
    const bare = text.trim();
    if (!bare) return null;
    if (WORDS[bare]) return text.replace(bare, WORDS[bare]);
    for (const [pattern, word] of PATTERNS) if (pattern.test(bare)) return bare.replace(pattern, word);
    return null;
  };
  const originals = new WeakMap(); // node → what was there: { name: [original, word] }, the text of a text node under ''
  const keep = (node, name, original, word) => originals.set(node, { ...originals.get(node), [name]: [original, word] });
  const textNode = (node) => {
    const original = node.nodeValue;
    const word = chinese(original);
    if (word === null || word === original) return;
    keep(node, '', original, word);
    node.nodeValue = word;
  };
  const element = (node) => {
    for (const name of ['placeholder', 'aria-label', 'title']) {
      const value = node.getAttribute(name);
      const word = value && chinese(value);
      if (!word) continue;
      keep(node, name, value, word);
      node.setAttribute(name, word);
    }
  };
  // a label's Markdown is for the eye: its name for a screen reader is the words alone
  const MARKUP = /\\(.)|`|\*\*|:material\/\w+:|:[a-z-]+\[|\]|\s*\n/g;
  const spoken = (node) => {
    const label = node.getAttribute('aria-label');
    if (label === 'Expand sidebar') return node.setAttribute('aria-label', 'Open menu'); // what is written on it
    if (!label?.includes('**')) return;
    node.setAttribute('aria-label', label.replace(MARKUP, (found, escaped) => escaped ?? (found.endsWith('\n') ? ', ' : '')));
  };
  const restore = (node) => {
    for (const [name, [original, word]] of Object.entries(originals.get(node) || {})) {
      if (name && node.getAttribute(name) === word) node.setAttribute(name, original);
      else if (!name && node.nodeValue === word) node.nodeValue = original;
    }
    originals.delete(node);
  };
  const walk = (root, textNode, element) => {
    if (root.nodeType === Node.TEXT_NODE) return textNode(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    element(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) node.nodeType === Node.TEXT_NODE ? textNode(node) : element(node);
  };
  const language = () => document.querySelector('[data-burden-language]')?.dataset.burdenLanguage || 'zh_CN';
  // what the screen behind the sign-in form is drawn by comes while somebody types
  const fetchNext = () => {
    for (const href of window.burdenLater.splice(0)) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', crossOrigin: '', href }));
    }
  };
  let before = null;
  const changed = (changes) => {
    if (!document.body) return;
    if (window.burdenLater?.length && document.querySelector('input[type=password]')) setTimeout(fetchNext, 1000);
    const now = language();
    document.documentElement.lang = now === 'en' ? 'en' : 'zh-CN';
    if (now !== before) {
      before = now;
      now === 'en' ? walk(document.body, restore, restore) : walk(document.body, textNode, element);
    }
    for (const change of changes) {
      if (change.type === 'attributes') spoken(change.target);
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) [node, ...node.querySelectorAll('[aria-label]')].forEach(spoken);
      }
    }
    if (now === 'en') return;
    for (const change of changes) {
      if (change.type === 'characterData') textNode(change.target);
      for (const node of change.addedNodes) walk(node, textNode, element);
    }
  };
  new MutationObserver(changed).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributeFilter: ['aria-label'] });
  document.querySelectorAll('[aria-label]').forEach(spoken); // and what was drawn before this script came
  changed([]);
})();
