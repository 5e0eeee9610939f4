// Tells the window that waits for the login, then makes room for it.
new BroadcastChannel('gyre-login').postMessage('back');
window.close();
