"""A worker for the engines that have a Python package; the package javadoc of io.vitj.bench.peer has the protocol.

worker.py onnxruntime|pytorch model|gemm DIRECTORY THREADS BATCH
"""

import gc
import json
import os
import sys
import time

import numpy

INPUT = "input-%d.f32"


def load_input(directory, batch, shape):
    return numpy.fromfile(os.path.join(directory, INPUT % batch), "<f4").reshape(shape)


class OnnxRuntime:
    def __init__(self, kind, directory, threads, batch):
        import onnxruntime

        self.version = "onnxruntime %s (Python)" % onnxruntime.__version__
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        graph = os.path.join(directory, "graph-%d.onnx" % batch)
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        only = self.session.get_inputs()[0]
        self.feed = {only.name: load_input(directory, batch, only.shape)}

    def run(self):
        return self.session.run(None, self.feed)[0]


def timm_model(directory):
    import timm
    from safetensors.torch import load_file

    with open(os.path.join(directory, "config.json")) as file:
        config = json.load(file)
    model = timm.create_model(config["architecture"], num_classes=config["num_classes"], **config["model_args"])
    model.load_state_dict(load_file(os.path.join(directory, "model.safetensors")))
    size = config["model_args"]["img_size"]
    return model.eval(), (-1, 3, size, size)


class PyTorch:
    def __init__(self, kind, directory, threads, batch):
        import torch
        from safetensors.torch import load_file

        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        torch.set_grad_enabled(False)
        self.version = "PyTorch %s" % torch.__version__
        if kind == "model":
            import timm

            self.version += ", timm %s" % timm.__version__
            self.compute, shape = timm_model(directory)
        else:
            weight = load_file(os.path.join(directory, "model.safetensors"))["weight"]
            self.compute = lambda x: torch.nn.functional.linear(x, weight)
            shape = (-1, weight.shape[1])
        self.input = torch.from_numpy(load_input(directory, batch, shape))
        self.mode = torch.inference_mode

    def run(self):
        with self.mode():
            return self.compute(self.input).numpy()


ENGINES = {"onnxruntime": OnnxRuntime, "pytorch": PyTorch}


def respond(engine, line):
    command, _, argument = line.partition(" ")
    if command == "check":
        output = numpy.ascontiguousarray(engine.run(), "<f4")
        output.tofile(argument)
        return "checked %d" % output.size
    if command == "run":
        latencies = []
        for _ in range(int(argument)):
            start = time.perf_counter_ns()
            engine.run()
            latencies.append(time.perf_counter_ns() - start)
        return "ran " + " ".join(map(str, latencies))
    if command == "tidy":
        gc.collect()
        return "tidied"
    raise ValueError("unknown command " + line)


def main(name, kind, directory, threads, batch):
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    try:
        engine = ENGINES[name](kind, directory, int(threads), int(batch))
        print("ready", name, engine.version, file=answers)
        for line in sys.stdin:
            print(respond(engine, line.rstrip("\n")), file=answers)
    except Exception as failure:
        print("failed", " ".join(("%s: %s" % (type(failure).__name__, failure)).split()), file=answers)
        raise


if __name__ == "__main__":
    main(*sys.argv[1:])
