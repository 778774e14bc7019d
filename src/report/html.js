(function(){
  var form=document.querySelector('.bar form');if(!form)return;form.hidden=false;
  function apply(){
    var text=form.q.value.trim().toLowerCase();
    var labels=[].filter.call(form.querySelectorAll('input[type=checkbox]'),function(i){return i.checked}).map(function(i){return i.value});
    document.querySelectorAll('details.dossier').forEach(function(d){
      var fits=labels.indexOf(d.dataset.label)>=0&&(!text||d.textContent.toLowerCase().indexOf(text)>=0);
      d.classList.toggle('gone',!fits);
    });
  }
  form.addEventListener('input',apply);form.addEventListener('submit',function(e){e.preventDefault()});
})();
