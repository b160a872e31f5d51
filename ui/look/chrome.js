// Streamlit's own English strings in Chinese: it has no setting for them. Runs only while the page is Chinese.
(() => {
  const WORDS = {
    'Upload': '选择文件', 'Browse files': '选择文件', 'Drag and drop file here': '把文件拖到这里', 'Press Enter to apply': '按回车确认',
    'Press Enter to submit form': '按回车提交', 'CONNECTING': '正在连接…', 'Connecting': '正在连接…', 'Connection error': '连接已断开',
    'Page not found': '找不到页面', 'This field is required.': '此项必填。', '(required)': '（必填）', 'Choose an option': '请选择',
    'Choose options': '请选择', 'No results': '没有结果', 'No options to select': '没有可选项', 'Skip to main content': '跳到正文',
    'RUNNING...': '处理中…', 'Rerun': '刷新', 'Print': '打印', 'Settings': '设置', 'Select all': '全选', 'Close': '关闭', 'Clear all': '全部清除',
    'Show password text': '显示密码', 'Hide password text': '隐藏密码', 'Open sidebar': '打开菜单', 'Close sidebar': '收起菜单',
    'The page that you have requested does not seem to exist. Running the app\'s main page.': '您要的页面不存在，已打开首页。',
    'Fullscreen': '放大', 'Close fullscreen': '还原', 'Exit fullscreen': '还原', 'Search': '查找', 'Download as CSV': '下载 CSV',
    'You do not have access to this page': '您没有权限打开这一页',
  };
  const PATTERNS = [
    [/^(\d+)MB per file(.*)$/, '每个文件不超过 $1MB$2'],
    [/^Limit (\d+)MB per file(.*)$/, '每个文件不超过 $1MB$2'],
    [/^Connection failed with status (\d+)\.?$/, '服务暂时连不上（$1），正在自动重连，您填的内容不会丢。'],
  ];
  const chinese = (text) => {
    const bare = text.trim();
    if (!bare) return null;
    if (WORDS[bare]) return text.replace(bare, WORDS[bare]);
    for (const [pattern, word] of PATTERNS) if (pattern.test(bare)) return bare.replace(pattern, word);
    return null;
  };
  const textNode = (node) => { const word = chinese(node.nodeValue); if (word !== null && word !== node.nodeValue) node.nodeValue = word; };
  const element = (node) => {
    for (const name of ['placeholder', 'aria-label', 'title']) {
      const value = node.getAttribute(name);
      const word = value && chinese(value);
      if (word) node.setAttribute(name, word);
    }
  };
  const walk = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return textNode(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    element(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) node.nodeType === Node.TEXT_NODE ? textNode(node) : element(node);
  };
  const language = () => document.querySelector('[data-burden-language]')?.dataset.burdenLanguage || 'zh_CN';
  new MutationObserver((changes) => {
    const now = language();
    document.documentElement.lang = now === 'en' ? 'en' : 'zh-CN';
    if (now === 'en') return;
    for (const change of changes) {
      if (change.type === 'characterData') textNode(change.target);
      for (const node of change.addedNodes) walk(node);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
