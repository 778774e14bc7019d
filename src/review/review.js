// The pages work without this. It adds keys, marks what is at hand, and saves without loading the page anew.
(function () {
  'use strict';
  var $ = function (selector, from) { return (from || document).querySelector(selector); };
  var $$ = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var keep = function (name, value) { try { sessionStorage.setItem(name, value); } catch (e) { /* not kept */ } };
  var kept = function (name) { try { return sessionStorage.getItem(name); } catch (e) { return null; } };

  function wrongly(text) { var p = $('#fout'); p.textContent = ''; p.textContent = text + ' (sluiten)'; }
  $('#fout').addEventListener('click', function (e) { e.target.textContent = ''; });
  function say(text) { $('#fout').textContent = ''; var p = $('#melding'); p.textContent = ''; p.textContent = text; clearTimeout(say.timer); say.timer = setTimeout(function () { p.textContent = ''; }, 6000); }

  // What was to be told before the page was loaded anew.
  if (kept('melding')) { say(kept('melding')); keep('melding', ''); }

  // The list, and what follows in it.
  var rows = $$('ol.rows > li');
  if ($('form.filter')) {
    keep('lijst', location.pathname + location.search);
    keep('rijen', JSON.stringify($$('ol.rows a.name').map(function (a) { return a.getAttribute('href'); })));
    $('form.filter').addEventListener('change', function (e) { if (e.target.type !== 'search') { e.currentTarget.submit(); } });
  } else {
    if (kept('lijst') && $('#terug') && !$('.tools')) { $('#terug').href = kept('lijst'); }
    var following = JSON.parse(kept('rijen') || '[]');
    var here = following.indexOf(location.pathname + location.search.replace(/&deel=\d+/, ''));
    var next = here >= 0 ? following[here + 1] : null;
    if (next && $('#volgende')) { $('#volgende').href = next; $('#volgende').hidden = false; }
  }

  // Times as they were here.
  function local() { $$('time').forEach(function (t) { var d = new Date(t.getAttribute('datetime')); if (!isNaN(d)) { t.textContent = d.toLocaleString('nl-NL', { dateStyle: 'long', timeStyle: 'short' }); } }); }
  local();

  // A note that is not saved yet stays while this window is open.
  var draft = 'concept:' + location.pathname + location.search;
  function note() { return $('#oordeel textarea'); }
  document.addEventListener('input', function (e) { if (e.target === note()) { keep(draft, JSON.stringify([e.target.defaultValue, e.target.value])); } });
  function restore() {
    var kept_one = JSON.parse(kept(draft) || 'null');
    // Not over what was saved meanwhile.
    if (kept_one && note() && note().defaultValue === kept_one[0]) { note().value = kept_one[1]; }
  }
  restore();

  if ($('#afdrukken')) { $('#afdrukken').hidden = false; $('#afdrukken').addEventListener('click', function () { print(); }); }

  // Findings: the one at hand, in the text and in the list.
  var now = 0;
  function items() { return $$('ol.findings > li'); }
  function at(n, from) {
    var li = $('#b' + n), mark = $('#m' + n);
    if (!li) { return; }
    now = n;
    leave();
    li.classList.add('now');
    if (from !== 'list' && matchMedia('(max-width:980px)').matches) {
      // Beside the text there is no room: it is shown below, until it is closed.
      li.classList.add('near');
      var close = document.createElement('button');
      close.type = 'button';
      close.className = 'close';
      close.textContent = 'Sluiten';
      close.addEventListener('click', function (e) { e.stopPropagation(); var mark = $('#m' + now); leave(); if (mark) { mark.focus({ preventScroll: true }); leave(); } });
      li.append(close);
    }
    if (mark) { mark.classList.add('now'); }
    if (from !== 'text' && mark) { mark.scrollIntoView({ block: li.classList.contains('near') ? 'start' : 'center' }); }
    else if (mark && li.classList.contains('near')) { mark.scrollIntoView({ block: 'start' }); }
    if (from !== 'list') {
      var side = $('.side');
      if (getComputedStyle(side).overflowY === 'auto') { side.scrollTop += li.getBoundingClientRect().top - side.getBoundingClientRect().top - 60; }
    }
  }
  function leave() {
    $$('ol.findings .close').forEach(function (e) { e.remove(); });
    $$('.now').forEach(function (e) { e.classList.remove('now', 'near'); });
  }
  function number(e) { return Number(e.id.slice(1)); }
  function step(by) {
    var list = items().map(number).filter(function (n) { return $('#m' + n); });
    if (!list.length) { return false; }
    var place = list.indexOf(now) + by;
    if (now === 0) { place = by > 0 ? 0 : list.length - 1; }
    if (place < 0 || place >= list.length) {
      var more = $(by > 0 ? 'a[rel=next]' : 'a[rel=prev]');
      if (more) { location.href = more.href; }
      return true;
    }
    at(list[place], 'keys');
    var mark = $('#m' + now) || $('#b' + now);
    mark.focus({ preventScroll: true });
    return true;
  }
  function wrong() { items().forEach(function (li) { var m = $('#m' + number(li)); if (m) { m.classList.toggle('wrong', li.dataset.mark === 'onjuist'); } }); }
  wrong();
  var place_before = Number(kept('plaats:' + location.pathname + location.search));
  if (place_before) { keep('plaats:' + location.pathname + location.search, ''); at(place_before, 'keys'); if ($('#m' + place_before)) { $('#m' + place_before).focus({ preventScroll: true }); } }
  document.addEventListener('focusin', function (e) {
    var mark = e.target.closest && e.target.closest('.m[role=link]'), li = e.target.closest && e.target.closest('ol.findings > li');
    if (mark) { at(number(mark), 'text'); } else if (li) { if (!li.classList.contains('near')) { at(number(li), 'list'); } } else { $$('.near').forEach(function () { leave(); }); }
  });
  // Hovering shows, and changes nothing; the page moving under a resting mouse is no hovering.
  var pointer = '';
  document.addEventListener('mousemove', function (e) {
    var where = e.screenX + ',' + e.screenY;
    if (where === pointer) { return; }
    pointer = where;
    var mark = e.target.closest && e.target.closest('.m[role=link]');
    $$('.peek').forEach(function (p) { p.classList.remove('peek'); });
    if (!mark || $('ol.findings > li.now.near')) { return; }
    var li = $('#b' + number(mark)), side = $('.side');
    mark.classList.add('peek');
    if (li) { li.classList.add('peek'); if (getComputedStyle(side).overflowY === 'auto') { side.scrollTop += li.getBoundingClientRect().top - side.getBoundingClientRect().top - 60; } }
  });
  document.addEventListener('click', function (e) { var li = e.target.closest && e.target.closest('ol.findings > li'); if (li && number(li) !== now) { at(number(li), 'list'); } });

  // What is selected in the text, in code points of the document.
  function length(text) { return Array.from(text).length; }
  function place(node, offset) {
    var words = (node.nodeType === 1 ? node : node.parentNode).closest('.words');
    if (!words) { return null; }
    var range = document.createRange();
    range.setStart(words, 0);
    range.setEnd(node, offset);
    return Number(words.dataset.start) + length(range.toString());
  }
  var missed = $('#gemist form input[name=woorden]');
  function take() {
    var selection = getSelection();
    if (!missed || !selection.rangeCount || selection.isCollapsed) { return false; }
    var range = selection.getRangeAt(0), from = place(range.startContainer, range.startOffset), to = place(range.endContainer, range.endOffset);
    var form = missed.form;
    if (from === null || to === null || from >= to) {
      // Partly in the text: what was selected before does not count any more.
      var sheet = $('.sheet');
      if (sheet && selection.containsNode(sheet, true)) { missed.value = form.van.value = form.tot.value = ''; }
      return false;
    }
    var part = range.cloneContents();
    $$('h2', part).forEach(function (h) { h.replaceWith(' '); });
    missed.value = part.textContent.replace(/\s+/g, ' ').trim();
    form.van.value = from;
    form.tot.value = to;
    return true;
  }
  document.addEventListener('selectionchange', take);
  if (missed) { missed.addEventListener('input', function () { missed.form.van.value = ''; missed.form.tot.value = ''; }); }

  // Saving without loading the page anew; one thing after the other.
  var busy = false;
  function send(form, button) {
    if (busy) { say('Nog bezig met opslaan.'); return; }
    busy = true;
    var data = new URLSearchParams(new FormData(form));
    if (button && button.name) { data.append(button.name, button.value); }
    var action = (button && button.getAttribute('formaction')) || form.getAttribute('action');
    var reason = $('#oordeel select') && $('#oordeel select').value;
    fetch(action, { method: 'POST', headers: { 'x-deel': '1' }, body: data }).then(function (answer) {
      if (answer.redirected) {
        var same = new URL(answer.url).pathname + new URL(answer.url).search === location.pathname + location.search;
        keep('melding', action === '/terug' ? 'Teruggenomen.' : 'Opgeslagen.');
        if (action === '/besluit') { keep(draft, ''); }
        keep('plaats:' + location.pathname + location.search, String(now));
        if (same) { location.reload(); } else { location.href = answer.url; }
        return null;
      }
      if ((answer.headers.get('content-type') || '').indexOf('json') > 0) { return answer.json(); }
      return answer.text().then(function (html) {
        var why = new DOMParser().parseFromString(html, 'text/html').querySelector('main p');
        wrongly('Niet opgeslagen. ' + (why ? why.textContent : ''));
        return null;
      });
    }).then(function (answer) {
      if (!answer) { return; }
      var focus = document.activeElement && document.activeElement.dataset ? { toets: document.activeElement.dataset.toets, li: document.activeElement.closest('ol.findings > li') } : {};
      var id = focus.li ? focus.li.id : '';
      Object.keys(answer.delen).forEach(function (id) {
        var old = document.getElementById(id);
        if (!old) { return; }
        var box = document.createElement('template');
        box.innerHTML = answer.delen[id];
        old.replaceWith(box.content);
      });
      if (action === '/besluit') { keep(draft, ''); }
      if (action === '/markering' && reason) { $('#oordeel select').value = reason; }
      restore();
      local();
      wrong();
      if (now) { at(now, 'text'); }
      var again = focus.toets && $((id ? '#' + id + ' ' : '#oordeel ') + '[data-toets="' + focus.toets + '"]');
      if (again) { again.focus({ preventScroll: true }); }
      say(answer.melding);
    }).finally(function () { busy = false; }).catch(function () { wrongly('Niet opgeslagen: het programma antwoordt niet. Draait het nog?'); });
  }
  document.addEventListener('submit', function (e) {
    if (e.target.method !== 'post') { return; }
    e.preventDefault();
    send(e.target, e.submitter);
  });

  // Keys.
  var help = $('#hulp'), off = $('#toetsen-uit'), quiet = false;
  try { quiet = localStorage.getItem('toetsen') === 'uit'; } catch (e) { /* on */ }
  function show() { document.body.classList.toggle('quiet', quiet); off.checked = quiet; }
  show();
  $('#toetsen').hidden = false;
  $('#toetsen').addEventListener('click', function () { help.showModal(); });
  off.addEventListener('change', function () { quiet = off.checked; try { localStorage.setItem('toetsen', quiet ? 'uit' : 'aan'); } catch (e) { /* until the page is left */ } show(); });

  function row(by) {
    var links = rows.map(function (li) { return $('a.name', li); });
    var place = links.indexOf(document.activeElement && document.activeElement.closest('ol.rows > li') ? $('a.name', document.activeElement.closest('ol.rows > li')) : null) + by;
    if (place >= 0 && place < links.length) { links[place].focus(); }
    else if (place >= links.length && $('a[rel=next]')) { location.href = $('a[rel=next]').href; }
    return true;
  }
  function press(key, from) { var button = $('[data-toets="' + key + '"]', from); if (button) { button.click(); } return Boolean(button); }
  document.addEventListener('keydown', function (e) {
    if (quiet || e.ctrlKey || e.metaKey || e.altKey || help.open) { return; }
    var target = e.target, tag = target.tagName;
    if (tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && target.type !== 'checkbox')) { if (e.key === 'Escape') { target.blur(); } return; }
    if (e.key === 'Escape') { leave(); return; }
    var done = false, li = now && $('#b' + now);
    switch (e.key) {
      case 'j': case 'n': done = items().length ? step(1) : row(1); break;
      case 'k': case 'p': done = items().length ? step(-1) : row(-1); break;
      case '/': if ($('#zoek')) { $('#zoek').focus(); done = true; } break;
      case '1': case '2': case '3': case 'u': done = press(e.key, $('#oordeel') || document.createElement('p')); break;
      case 'g': case 'f': case 'c': done = Boolean(li) && press(e.key, li); break;
      case 'm': if (missed) { take(); (missed.value ? missed.form.categorie : missed).focus(); missed.form.scrollIntoView({ block: 'nearest' }); done = true; } break;
      case 'v': { var on = $('#volgende') && !$('#volgende').hidden ? $('#volgende') : $('#buur'); if (on) { location.href = on.href; } else { say('Dit is het laatste.'); } done = true; break; }
      case 'd': if ($('#dossier')) { location.href = $('#dossier').href; done = true; } break;
      case 'Enter': if (target.matches('.m[role=link]') && $('#b' + number(target))) { $('#b' + number(target)).focus(); done = true; } break;
      case 'l': if ($('#terug')) { location.href = $('#terug').href; done = true; } break;
      case '?': help.showModal(); done = true; break;
    }
    if (done) { e.preventDefault(); }
  });
})();
