import sys

from kernelglot_server.app import main

if __name__ == "__main__":
    main(sys.argv[1:])
