const greet: string = 'fdr on ' + process.version;
console.log(greet, process.argv.slice(2));
