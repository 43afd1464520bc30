// Times llama.cpp on a GGUF file: prefill and decoding of random tokens, printed as JSON.
// Usage: node llama.mjs FILE PREFILL DECODE THREADS DEPTHS
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

const [file, prefill, decode, threads, depths] = process.argv.slice(2);
const counts = {prefill: Number(prefill), decode: Number(decode), threads: Number(threads)};
const llama = await getLlama({
    gpu: false,
    build: "never",
    maxThreads: counts.threads,
    logLevel: LlamaLogLevel.error
});
const model = await llama.loadModel({modelPath: file, gpuLayers: 0});

let state = 12345;
const tokens = (count) =>
    Array.from({length: count}, () => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return 5 + (state % 1000);
    });

const results = [];
for (const depth of depths.split(",").map(Number)) {
    const contextSize = depth + counts.prefill + counts.decode + 16;
    const context = await model.createContext({contextSize, batchSize: 512, threads: counts.threads});
    const sequence = context.getSequence();
    // The first evaluation also pays for what llama.cpp sets up then.
    await sequence.evaluateWithoutGeneratingNewTokens(tokens(Math.max(depth, 1)));

    let start = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens(counts.prefill));
    const prefillSeconds = (performance.now() - start) / 1000;

    let decoded = -1;
    for await (const _ of sequence.evaluate(tokens(1), {temperature: 0, yieldEogToken: true})) {
        if (++decoded === 0) {
            start = performance.now();
        } else if (decoded === counts.decode) {
            break;
        }
    }
    const decodeSeconds = (performance.now() - start) / 1000;
    results.push({depth, prefill: counts.prefill / prefillSeconds, decode: counts.decode / decodeSeconds});
    await context.dispose();
}
console.log(JSON.stringify(results));
process.exit(0);
