from tearmann.cli import main

main()
